/** A camera and a microphone for as long as a component is drawn. Invariant: no track outlives it. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import { beforeAsking, type CameraProblem, cameraProblem, closeCamera, openCamera } from './camera.ts';

export interface Camera {
  readonly stream: MediaStream | null;
  readonly problem: CameraProblem | null;
  readonly devices: readonly MediaDeviceInfo[];
  readonly cameraId: string | null;
  readonly microphoneId: string | null;
  choose(kind: 'camera' | 'microphone', id: string): void;
  askAgain(): void;
}

export function useCamera(): Camera {
  const [wanted, setWanted] = useState<{ camera: string | null; microphone: string | null; turn: number }>({
    camera: null,
    microphone: null,
    turn: 0,
  });
  const [stream, setStream] = useState<MediaStream | null>(null);
  const [problem, setProblem] = useState<CameraProblem | null>(null);
  const [devices, setDevices] = useState<readonly MediaDeviceInfo[]>([]);

  useEffect(() => {
    let current = true;
    let opened: MediaStream | null = null;
    const fail = (name: string) => {
      if (current) setProblem(cameraProblem(name));
    };
    const impossible = beforeAsking();
    if (impossible) {
      fail(impossible);
      return;
    }
    setProblem(null);
    openCamera(wanted.camera, wanted.microphone).then(
      async (found) => {
        if (!current) return closeCamera(found);
        opened = found;
        for (const track of found.getTracks()) {
          track.addEventListener('ended', () => {
            if (!current) return;
            setStream(null);
            fail('OverconstrainedError');
          });
        }
        setStream(found);
        const list = await navigator.mediaDevices.enumerateDevices().catch(() => []);
        if (current) setDevices(list);
      },
      (error: unknown) => fail(error instanceof DOMException ? error.name : 'UnknownError'),
    );
    return () => {
      current = false;
      setStream(null);
      if (opened) closeCamera(opened);
    };
  }, [wanted]);

  const idOf = (tracks: MediaStreamTrack[] | undefined) => tracks?.[0]?.getSettings().deviceId ?? null;
  return {
    stream,
    problem,
    devices,
    cameraId: idOf(stream?.getVideoTracks()),
    microphoneId: idOf(stream?.getAudioTracks()),
    choose: useCallback((kind, id) => setWanted((old) => ({ ...old, [kind]: id })), []),
    askAgain: useCallback(
      () => setWanted((old) => ({ camera: null, microphone: null, turn: old.turn + 1 })),
      [],
    ),
  };
}
