import "../words/room";
import "../components/room-page";
