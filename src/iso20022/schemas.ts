import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { XmlDocument, type XmlElement, XmlLibError, XmlValidateError, XsdValidator } from "libxml2-wasm";
import { HuangpuError } from "../core/errors.ts";
import { definitionOf, namespaceOf } from "./adapter.ts";
import { DEFINITIONS, HEADER, type SchemaValidator } from "./business-message.ts";
import { isoError } from "./iso-error.ts";

/**
 * The genuine schemas, compiled once. They are published at iso20022.org under their definition's name and are no part of
 * this repository.
 */
export class Schemas implements SchemaValidator {
  readonly #validators: ReadonlyMap<string, XsdValidator>;

  private constructor(validators: ReadonlyMap<string, XsdValidator>) {
    this.#validators = validators;
  }

  /**
   * @param folder Has `<definition>.xsd` for the header and for every definition that is understood.
   * @throws CONFIG_INVALID when one is missing or is no schema of its namespace.
   */
  static load(folder: string): Schemas {
    const validators = new Map<string, XsdValidator>();
    try {
      for (const definition of [HEADER, ...DEFINITIONS]) {
        validators.set(namespaceOf(definition), compile(join(folder, `${definition}.xsd`), definition));
      }
    } catch (error) {
      for (const validator of validators.values()) validator.dispose();
      throw error;
    }
    return new Schemas(validators);
  }

  /** @throws ISO_SCHEMA with the first finding, ISO_UNSUPPORTED when no schema has the element's namespace. */
  validate(element: XmlElement): void {
    const namespace = element.namespaceUri;
    const validator = this.#validators.get(namespace);
    if (validator === undefined) {
      const fix = `send ${DEFINITIONS.join(", ")}`;
      throw isoError("ISO_UNSUPPORTED", `/${element.name}`, `"${namespace}" has no schema here`, fix);
    }
    try {
      validator.validate(element);
    } catch (error) {
      if (!(error instanceof XmlValidateError)) throw error;
      const problem = (error.details[0]?.message ?? error.message).trim().replaceAll(`{${namespace}}`, "");
      throw isoError("ISO_SCHEMA", `/${element.name}`, problem.slice(0, 300), `follow ${definitionOf(namespace)}`);
    }
  }

  /** Gives the memory back. Nothing can be checked afterwards. */
  dispose(): void {
    for (const validator of this.#validators.values()) validator.dispose();
  }
}

function compile(file: string, definition: string): XsdValidator {
  if (!existsSync(file)) {
    throw new HuangpuError("CONFIG_INVALID", `No schema ${file}: put the one of ${definition} there`, {
      fields: { file },
    });
  }
  const text = readFileSync(file, "utf8");
  if (!text.includes(`targetNamespace="${namespaceOf(definition)}"`)) {
    throw new HuangpuError("CONFIG_INVALID", `${file} is no schema of ${definition}`, { fields: { file } });
  }
  try {
    const source = XmlDocument.fromString(text);
    try {
      return XsdValidator.fromDoc(source);
    } finally {
      source.dispose();
    }
  } catch (error) {
    if (!(error instanceof XmlLibError)) throw error;
    throw new HuangpuError("CONFIG_INVALID", `${file} is no schema: ${error.message}`, {
      fields: { file },
      cause: error,
    });
  }
}
