/**
 * The 50 tags of the Million Song Dataset that Choi et al. trained on, in the order of their models' outputs.
 * Source: keunwoochoi/music-auto_tagging-keras, README.md; keunwoochoi/MSD_split_for_tagging, tags.py, has the same.
 */
export const msdTags: readonly string[] = [
  ...['rock', 'pop', 'alternative', 'indie', 'electronic', 'female vocalists', 'dance', '00s'],
  ...['alternative rock', 'jazz', 'beautiful', 'metal', 'chillout', 'male vocalists', 'classic rock', 'soul'],
  ...['indie rock', 'Mellow', 'electronica', '80s', 'folk', '90s', 'chill', 'instrumental', 'punk', 'oldies'],
  ...['blues', 'hard rock', 'ambient', 'acoustic', 'experimental', 'female vocalist', 'guitar', 'Hip-Hop'],
  ...['70s', 'party', 'country', 'easy listening', 'sexy', 'catchy', 'funk', 'electro', 'heavy metal'],
  ...['Progressive rock', '60s', 'rnb', 'indie pop', 'sad', 'House', 'happy'],
];
