/** What every page loads: styles, htmx, Bootstrap's behaviours and the few of our own. */
import "@tabler/core/dist/css/tabler.min.css";
import "./styles/app.css";
import "@tabler/core/dist/js/tabler.esm.js";
import { startForms } from "./forms";
import { startLive } from "./live";
import { startRequests } from "./requests";
import { startSession } from "./session";
import { startScenario } from "./scenario";

startRequests();
startForms();
startLive();
startScenario();
startSession();
