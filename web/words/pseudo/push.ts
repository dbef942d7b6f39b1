import english from "../en/push";
import { marked } from "./marks";

export default marked(english);
