// The recipes of React.
import { Composer } from "../recipes/react/Composer.jsx";
import { DeleteButton } from "../recipes/react/DeleteButton.jsx";
import { Messages } from "../recipes/react/Messages.jsx";
import { Participants } from "../recipes/react/Participants.jsx";
import { RoleSwitcher } from "../recipes/react/RoleSwitcher.jsx";
import { change, show } from "./mount.js";
import { testRecipes } from "./recipes.js";

const recipes = { Composer, DeleteButton, Messages, Participants, RoleSwitcher };

testRecipes(async (app, name, props) => {
  const Recipe = recipes[name];
  const page = await show(app, <Recipe {...props} />);
  return { change, set: (more) => page.render(<Recipe {...props} {...more} />), end: page.end };
});
