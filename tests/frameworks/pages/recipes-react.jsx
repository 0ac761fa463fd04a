// The recipes of React.
import { Composer } from "../recipes/react/Composer.jsx";
import { DeleteButton } from "../recipes/react/DeleteButton.jsx";
import { Messages } from "../recipes/react/Messages.jsx";
import { Participants } from "../recipes/react/Participants.jsx";
import { RoleSwitcher } from "../recipes/react/RoleSwitcher.jsx";
import { change, show } from "./mount.js";
import { testRecipes } from "./recipes.js";

const recipes = { Composer, DeleteButton, Messages, Participants, RoleSwitcher };

testRecipes(async (app, name, initial) => {
  const Recipe = recipes[name];
  const props = { ...initial };
  const page = await show(app, <Recipe {...props} />);
  const set = (more) => {
    Object.assign(props, more);
    return page.render(<Recipe {...props} />);
  };
  return { change, set, end: page.end };
});
