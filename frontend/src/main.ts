/** What every page loads: styles, htmx, Bootstrap's behaviours and the few of our own. */
import "@tabler/core/dist/css/tabler.min.css";
import "./styles/app.css";
import "./styles/home.css";
import "./styles/work.css";
import "@tabler/core/dist/js/tabler.esm.js";
import { startDrafts } from "./drafts";
import { startForms } from "./forms";
import { startLists } from "./lists";
import { startLive } from "./live";
import { startPicking } from "./pick";
import { startRequests } from "./requests";
import { startSearch } from "./search";
import { startSession } from "./session";
import { startScenario } from "./scenario";

startRequests();
startForms();
startPicking();
startDrafts();
startLists();
startLive();
startScenario();
startSearch();
startSession();
