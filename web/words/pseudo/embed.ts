import english from "../en/embed";
import { marked } from "./marks";

export default marked(english);
