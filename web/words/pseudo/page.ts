import english from "../en/page";
import { marked } from "./marks";

export default marked(english);
