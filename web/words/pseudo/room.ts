import english from "../en/room";
import { marked } from "./marks";

export default marked(english);
