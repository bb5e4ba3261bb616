import { z } from "zod";
import { country, decimal, hsCode, packageType, unit } from "./codes.ts";
import { count, identifier, line, text } from "./text.ts";

/** UN/CEFACT Measure. */
export const measure = z
  .strictObject({ value: decimal, unit })
  .meta({ id: "Measure", description: "A quantity and its unit" });

export const packages = z
  .strictObject({ count, type: packageType, description: text(100).optional() })
  .meta({ id: "Packages", description: "How many packages of what type" });

export const marks = z
  .array(text(35))
  .min(1)
  .max(50)
  .meta({ id: "ShippingMarks", description: "What is written on the packages, line by line" });

/** UN/CEFACT Supply Chain Trade Line Item, with its price. */
export const pricedLine = z
  .strictObject({
    lineNumber: count,
    description: line,
    productIdentifier: identifier.optional(),
    hsCode,
    countryOfOrigin: country,
    quantity: measure,
    unitPrice: decimal,
    netAmount: decimal.describe("Quantity times unit price, rounded"),
  })
  .meta({ id: "PricedLine", description: "Goods of one sort and what they cost" });
