/** The activation and its slope in WGSL; ACTIVATION is 0 for linear, 1 for relu, 2 for elu. */
export const activationCode = `
fn activate(z : f32) -> f32 {
  if (ACTIVATION == 0 || z >= 0.0) { return z; }
  if (ACTIVATION == 1) { return 0.0; }
  return exp(z) - 1.0;
}

fn activationSlope(z : f32) -> f32 {
  if (ACTIVATION == 0 || z > 0.0) { return 1.0; }
  if (ACTIVATION == 1) { return 0.0; }
  return exp(z);
}
`;
