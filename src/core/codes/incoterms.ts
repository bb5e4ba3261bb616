/** The rules of Incoterms 2020, as ICC lists them: for any mode of transport first, then those for sea and inland waterways. */
export const incoterms2020 = ["EXW", "FCA", "CPT", "CIP", "DAP", "DPU", "DDP", "FAS", "FOB", "CFR", "CIF"] as const;

export type Incoterm = (typeof incoterms2020)[number];
