// Where everything lies in the memory of the module, in bytes; the host writes the tables (kernelTables.ts) and asks for
// the places by name. A spectrum has 576 float32 and room for a vector behind them.

// Tables of the standard
export const TABLE_SELECT: usize = 1024; // [34] of two int32: where the lookups start, extra bits; 32, 33: the quadruples
export const LOOKUPS: usize = 2048; // [16384] uint32
export const POWERS: usize = 67584; // [8207] float32: i^(4/3)
export const GAINS: usize = 100608; // [400] float32: 2^((i - 352) / 4)
export const PRETAB: usize = 102208; // [22] int32
export const SCALE_PARTS: usize = 102400; // [4 ways, long, short, mixed][4] uint8: scale factors of one length
export const ALIAS: usize = 102512; // [8] float32 cs, [8] float32 ca
export const WINDOWS: usize = 102576; // [4 block types][36][4 subbands] float32
export const SHORT_WINDOW: usize = 104880; // [12][4 subbands] float32
export const SHORT_COSINES: usize = 105072; // [6][6] float32
export const SECANTS_18: usize = 105216; // [9] float32: 1 / (2 cos((2n + 1) pi / 36))
export const SECANTS: usize = 105264; // float32: 1 / (2 cos((2k + 1) pi / 2n)), [16] of n = 32, [8] of 16, [4] of 8, [2] of 4
export const SYNTHESIS: usize = 105392; // [18 rows][8][4] float32: window of two outputs, see synthesis.as

// What a stream is: its bands, and the bytes of a frame by bit rate
export const LONG_BANDS: usize = 107696; // [23] int32: where they start
export const SHORT_BANDS: usize = 107792; // [14] int32
export const FRAME_BYTES: usize = 107856; // [16] int32, without padding; 0 where there is none

// What is decoded
export const GRANULES: usize = 107920; // [2 granules][2 channels] of 80 bytes
export const SHARED: usize = 108240; // [2 channels] int32: which scale factors the second granule takes from the first
export const SCALE_FACTORS: usize = 108256; // [2 channels] of 22 for long blocks and 39 for short ones, uint8, in 64 bytes
export const QUANTIZED: usize = 108384; // [592] float32
export const SPECTRA: usize = 110752; // [2 channels][592] float32
export const SUMS: usize = 115488; // [8][18][4 subbands] float32, and the overlap behind it the same
export const OVERLAP: usize = 117792;
export const SUBBANDS: usize = 120160; // [32][40] float32: 36 time slots and what spills over
export const SCRATCH: usize = 125280; // 64 vectors
export const COSINE_SUMS: usize = 126304; // [32][52] float32: 16 slots of the past and 36 new ones
export const SPARE: usize = 132960; // [40] float32, written and not read
export const MAIN_DATA: usize = 133120; // the last 511 bytes, a frame's, and zeros
export const FREE: usize = 135424; // from here on the host's: input and output

export const SPECTRUM_BYTES: usize = 2368;
export const SLOTS: i32 = 36; // two granules
