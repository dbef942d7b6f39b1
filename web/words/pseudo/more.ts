import english from "../en/more";
import { marked } from "./marks";

export default marked(english);
