import "../components/room-page";
