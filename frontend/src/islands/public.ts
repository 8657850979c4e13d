// The public map: closer and farther, what is pointed at, finding a commune, and staying up to date. Without this
// script the page is whole: the drawing, its titles and the lists are there.
import "../styles/public.css";
import { follow } from "../public/fresh";
import { listen } from "../public/lists";
import { View } from "../public/view";

const view = new View();
view.attach();
listen(view);
addEventListener("resize", () => {
  view.signs();
});
follow(() => {
  view.attach();
});
