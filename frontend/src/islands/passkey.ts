/**
 * Passkeys: the button of a form with `data-passkey` asks the browser to make or to use one, puts what it says into the
 * form and sends that. What to ask stands in the page, or for signing in comes from the form's own address.
 */
import { toast } from "../toast";

type Json = Record<string, unknown>;

function bytes(text: string): ArrayBuffer {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0)).buffer;
}

function text(buffer: ArrayBuffer): string {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function listed(credentials: { id: string; type: string }[] | undefined): PublicKeyCredentialDescriptor[] {
  return (credentials ?? []).map((each) => ({ ...each, id: bytes(each.id), type: "public-key" }));
}

/** The browser's answer with every part of bytes as text; null and undefined parts are left out. */
function answer(credential: PublicKeyCredential): string {
  const response: Json = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    const part = (credential.response as unknown as Json)[name];
    if (part instanceof ArrayBuffer) response[name] = text(part);
  }
  return JSON.stringify({
    type: credential.type,
    id: credential.id,
    rawId: text(credential.rawId),
    authenticatorAttachment: credential.authenticatorAttachment,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

async function create(options: Json, alone: boolean): Promise<Credential | null> {
  const key = structuredClone(options["publicKey"]) as Json & { user: Json; excludeCredentials: [] };
  return navigator.credentials.create({
    publicKey: {
      ...(key as unknown as PublicKeyCredentialCreationOptions),
      challenge: bytes(key["challenge"] as string),
      user: { ...key.user, id: bytes(key.user["id"] as string) } as PublicKeyCredentialUserEntity,
      excludeCredentials: listed(key.excludeCredentials),
      authenticatorSelection: {
        residentKey: alone ? "required" : "discouraged",
        requireResidentKey: alone,
        userVerification: alone ? "required" : "preferred",
      },
    },
  });
}

async function get(options: Json): Promise<Credential | null> {
  const key = options["publicKey"] as Json & { allowCredentials: [] };
  return navigator.credentials.get({
    publicKey: {
      ...(key as unknown as PublicKeyCredentialRequestOptions),
      challenge: bytes(key["challenge"] as string),
      allowCredentials: listed(key.allowCredentials),
    },
  });
}

async function optionsOf(form: HTMLFormElement): Promise<Json> {
  if (form.dataset["passkey"] === "login") {
    const response = await fetch(form.action, { headers: { Accept: "application/json" } });
    return ((await response.json()) as Json)["request_options"] as Json;
  }
  const said = JSON.parse(document.getElementById("passkey-options")?.textContent ?? "{}") as Json;
  return (said["creation_options"] ?? said["request_options"]) as Json;
}

async function ask(form: HTMLFormElement): Promise<void> {
  const alone = form.querySelector<HTMLInputElement>("[name=passwordless]")?.checked ?? false;
  const field = form.querySelector<HTMLInputElement>("[name=credential]");
  try {
    const options = await optionsOf(form);
    const made = form.dataset["passkey"] === "create" ? await create(options, alone) : await get(options);
    if (!field || !(made instanceof PublicKeyCredential)) throw new Error("no credential");
    field.value = answer(made);
    form.submit();
  } catch {
    toast(form.dataset["fail"] ?? "");
  }
}

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-passkey]")) {
  const button = form.querySelector("button");
  if (!window.PublicKeyCredential) button?.setAttribute("disabled", "");
  button?.addEventListener("click", () => void ask(form));
}
