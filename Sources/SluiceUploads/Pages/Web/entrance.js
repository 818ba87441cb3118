// The form before everything else: which ticket, and with which token.

import { NoConnection, token } from "./api.js";
import { fill, freshId, make, notice } from "./elements.js";

export const ticketPattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/;

/**
 * @param {{ticket: string, needsToken: boolean, message?: string}} known
 * @param {(ticket: string) => Promise<void>} enter throws what keeps from entering
 */
export function entrance({ ticket, needsToken, message }, enter) {
  const told = make("div", {}, message ? notice("bad", message) : null);
  const ticketField = field("Ticket number", { name: "ticket", value: ticket, autocomplete: "off", autocapitalize: "off", spellcheck: "false", maxlength: "64" },
    needsToken ? "Leave it empty if your token is for one ticket." : "As support told it to you.");
  const tokenField = needsToken && field("Access token", { name: "token", type: "password", autocomplete: "off", spellcheck: "false", required: true },
    "Begins with slc_. It is kept in this tab only and forgotten when you close it.");
  const submit = make("button", { class: "main" }, "Open");
  const form = make("form", { class: "panel entrance", novalidate: true, onsubmit: async (event) => {
    event.preventDefault();
    const wanted = ticketField.input.value.trim();
    const given = tokenField ? tokenField.input.value.trim() : "";
    if (tokenField && given === "") return complain(tokenField, "The access token is missing.");
    if (tokenField && !/^[!-~]+$/.test(given)) return complain(tokenField, "A token has only letters, digits and signs, without spaces.");
    if (wanted !== "" && !ticketPattern.test(wanted)) return complain(ticketField, "A ticket number has letters, digits, “-”, “_” and “.”, at most 64.");
    submit.setAttribute("aria-disabled", "true");
    if (tokenField) token.set(given);
    try {
      await enter(wanted);
    } catch (error) {
      if (error.status === 401) return complain(tokenField || ticketField, "This token is not valid (any more). Check that you copied all of it.");
      if (error.field === "ticket") return complain(ticketField, error.message);
      fill(told, notice("bad", error.message, " ", error instanceof NoConnection ? "" : error.remedy ?? ""));
    } finally {
      submit.removeAttribute("aria-disabled");
    }
  } }, told, tokenField && tokenField.element, ticketField.element, submit);
  function complain(where, text) {
    fill(told, notice("bad", text));
    where.input.setAttribute("aria-invalid", "true");
    where.input.focus();
  }
  const element = make("div", { class: "narrow" },
    make("h1", { tabindex: "-1" }, "Send files to support"),
    make("p", { class: "lead" }, needsToken
      ? "You need the access token that support gave you, and the number of your ticket."
      : "You need the number of your ticket."),
    form);
  return { element, focus: () => (tokenField ? tokenField.input : ticketField.input).focus() };
}

function field(label, attributes, hint) {
  const id = freshId("field");
  const input = make("input", { id, "aria-describedby": `${id}-hint`, ...attributes });
  input.addEventListener("input", () => input.removeAttribute("aria-invalid"));
  return { input, element: make("div", { class: "field" }, make("label", { for: id }, label), input, make("p", { class: "hint", id: `${id}-hint` }, hint)) };
}
