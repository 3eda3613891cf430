/** Secrets of the test Workers; worth nothing anywhere else. */
export const testSecrets = {
  CURSOR_SECRET: 'only-for-tests-0123456789abcdef-0123456789',
  CONSENT_LOG_KEY: 'MC4CAQAwBQYDK2VwBCIEIIrDAiER/D2xueU76xE6hO0sDk3yMKDSD2ATz1p1XGpq',
  BIOMETRICS_KEY: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=',
  MODERATION_LOG_KEY: 'MC4CAQAwBQYDK2VwBCIEIFTyhUO5SwYlzRRYaFL9kfpiKzFhekPembyQD1G4/Z2C',
  WATERMARK_KEY: 'ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=',
  SPEECH_UNVERIFIED: 'allow',
} as const;
