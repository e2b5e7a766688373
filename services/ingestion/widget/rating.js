/** The card that asks for a rating. `tell` puts a word into a node; `done` gets score and comment,
    or nothing where the customer would rather not. */
function ratingCard(id, question, tell, done) {
  const value = make("p", "value", { role: "status" });
  const comment = make("textarea", "", { rows: 2, maxLength: 2000, "aria-describedby": `${id}-hint` });
  const more = make("div", "more", { hidden: true },
    make("label", "field", null, tell(make("span"), "comment"), comment),
    tell(make("span", "hint", { id: `${id}-hint` }), "commentHint"));
  let score = 0;
  const stars = [1, 2, 3, 4, 5].map((n) => make("label", "", null,
    make("input", "", { type: "radio", name: id, value: n, onchange: () => {
      score = n;
      stars.forEach((star, index) => star.classList.toggle("on", index < n));
      tell(value, "stars", n);
      more.hidden = false;
      card.scrollIntoView({ block: "nearest" });
    } }),
    icon("star"), tell(make("span", "sr"), "stars", n)));
  const send = button("pill strong", () => {
    if (!score) return stars[0].firstChild.focus();
    if (send.ariaDisabled) return;
    send.ariaDisabled = "true"; // not `disabled`: that would lose the focus
    done(score, comment.value.trim());
  }, tell(make("span"), "rate"));
  const card = make("form", "card", { "data-ask": id, onsubmit: (event) => event.preventDefault() },
    make("fieldset", "", null, tell(make("legend"), question), make("div", "stars", null, ...stars)),
    value, more, make("div", "row", null, send,
      button("pill", () => done(), tell(make("span"), "skip"))));
  return card;
}
