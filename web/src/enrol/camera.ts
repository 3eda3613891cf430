/** Camera and microphone: asking for them, and what to say when they cannot be had. Called by the enrolment page. */
import { recordingTypes } from '../api/limits.ts';

export interface CameraProblem {
  readonly title: string;
  readonly text: string;
  /** Whether asking again can help without leaving the page. */
  readonly again: boolean;
}

/**
 * A refusal of `getUserMedia` in words.
 * @param name `DOMException.name` (https://www.w3.org/TR/mediacapture-streams/#dom-mediadevices-getusermedia), or our own `Insecure`
 *   and `Unsupported`
 */
export function cameraProblem(name: string): CameraProblem {
  switch (name) {
    case 'Insecure':
      return {
        title: 'This address cannot use a camera',
        text: 'Browsers give cameras to secure pages only. Open Kinora over https, or as localhost on the machine it runs on.',
        again: false,
      };
    case 'Unsupported':
      return {
        title: 'This browser cannot record',
        text: 'It offers neither WebM nor MP4 recording. A current Chrome, Edge, Firefox or Safari does.',
        again: false,
      };
    case 'NotAllowedError':
    case 'SecurityError':
      return {
        title: 'Camera and microphone were not allowed',
        text: 'Nothing was recorded. Allow both for this page in the address bar or in the settings of your system, then ask again.',
        again: true,
      };
    case 'NotFoundError':
      return {
        title: 'No camera or no microphone was found',
        text: 'Both are needed: connect one, or open this page on your phone.',
        again: true,
      };
    case 'NotReadableError':
    case 'AbortError':
      return {
        title: 'The camera is busy',
        text: 'Another program is using it, or it was switched off. Close the other one and ask again.',
        again: true,
      };
    case 'OverconstrainedError':
      return {
        title: 'That device is gone',
        text: 'It was unplugged or renamed. Ask again to use what is there.',
        again: true,
      };
    default:
      return {
        title: 'The camera could not be started',
        text: 'The browser gave no reason that helps. Ask again, or reload the page.',
        again: true,
      };
  }
}

/** The recorder's type, best first; null when this browser can make none of them. */
export function recordingTypeOf(isSupported: (type: string) => boolean): string | null {
  const wishes = [
    'video/webm;codecs=vp8,opus',
    'video/webm;codecs=vp9,opus',
    'video/mp4;codecs=avc1.42E01E,mp4a.40.2',
    ...recordingTypes,
  ];
  return wishes.find(isSupported) ?? null;
}

/** A problem that is there before anybody is asked; null when there is none. */
export function beforeAsking(): string | null {
  if (!window.isSecureContext || !navigator.mediaDevices) return 'Insecure';
  if (typeof MediaRecorder === 'undefined' || !recordingTypeOf((type) => MediaRecorder.isTypeSupported(type)))
    return 'Unsupported';
  return null;
}

/**
 * Whether this document may not use a camera because of the address it was loaded from: the Permissions-Policy header allows it on
 * the enrolment page alone, and the app may have been started on another one. Only Chromium tells.
 */
export function blockedByPolicy(): boolean {
  const policy = (document as { featurePolicy?: { allowsFeature(name: string): boolean } }).featurePolicy;
  return policy ? !policy.allowsFeature('camera') || !policy.allowsFeature('microphone') : false;
}

/** Asks for both. @throws DOMException as getUserMedia does */
export function openCamera(cameraId: string | null, microphoneId: string | null): Promise<MediaStream> {
  return navigator.mediaDevices.getUserMedia({
    video: {
      width: { ideal: 1280 },
      height: { ideal: 720 },
      frameRate: { ideal: 30 },
      ...(cameraId ? { deviceId: { exact: cameraId } } : { facingMode: 'user' }),
    },
    audio: {
      // The check compares lips with the sound as it was, not as a filter left it.
      echoCancellation: false,
      noiseSuppression: false,
      ...(microphoneId ? { deviceId: { exact: microphoneId } } : {}),
    },
  });
}

export function closeCamera(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
