import "./main.jsx";
