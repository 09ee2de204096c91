/** Plain English words for suggested passphrases: short, easy to say, to spell and to type. Our own list. */
export const WORDS: readonly string[] = `
acorn actor adult agent album alley amber anchor angle ankle apple apron arch arena arrow ash aspen
atlas attic aunt autumn award bacon badge bagel baker ball bamboo banana band banjo bank barge bark
barley barn barrel basil basin basket bath beach beacon beak bean bear beaver bed bee beetle bell
belt bench berry bicycle birch bird biscuit bison blade blanket block bloom blossom blue boat bolt
bone bonnet book boot bottle boulder bowl box branch brass bread breeze brick bridge broom brother
brown brush bucket buckle bud bugle bulb bunker bunny bus bush butter button cabin cable cactus cake
calf camel camera camp canal candle candy canoe canvas canyon cape captain car caravan card cargo
carpet carrot cart castle cat cave cedar cello cement chain chair chalk cheese cherry chess chest
chicken chimney cider cinema circle circus citrus city clay cliff cloak clock cloth cloud clover
coach coal coast coat cobalt cocoa coffee coin collar comb comet compass copper coral cord cork corn
corner cotton couch cousin cove cow crab cradle craft crane crater cream creek crew cricket crown
crystal cube cup curtain cushion cycle dairy daisy dance dawn deck deer delta denim desert desk
dinner diver dock dog dollar dolphin domino donkey door dove dragon drawer dream dress drum duck
dune dust eagle early earth easel east echo eel egg elbow elder elk elm ember engine evening fable
fabric factory fairy falcon family farm feast feather fence fern ferry fiddle field fig film finch
finger fire fish flag flame flint float floor flour flower flute fog folder forest forge fork fossil
fountain fox frame freckle friend frog frost fruit funnel fur galaxy gallery garage garden garlic
gate gazebo gem geyser giant ginger giraffe glacier glass globe glove goat gold goose grain grape
grass gravel green guitar gull hall hammer hammock hamster hand harbour harp harvest hat hawk hay
hazel heart hedge helmet herb heron hill hinge hippo hockey holiday honey hood hook horn horse hotel
house husky ice igloo indigo ink inlet insect iris iron island ivory ivy jacket jade jaguar jam jar
jasmine jazz jelly jersey jewel jigsaw jolly judge juice jungle kayak kettle key kitchen kite kitten
knee knight knot koala label lace ladder ladle lagoon lake lamb lamp lantern larch lark laurel lava
lawn leaf leather ledge lemon lens leopard letter lever lilac lily lime linen lion lizard llama
lobster locket log lotus lumber lunch lynx magnet maple marble march market marsh mask match meadow
medal melon meteor mill mint mirror mitten moat monkey moon moose morning moss moth motor mountain
mouse muffin mug mural museum music mustard nail napkin narrow navy neck needle nest net night noble
noodle north nose notebook nut oak oar oasis oat ocean olive onion opal opera orange orbit orchard
orchid organ otter oven owl oyster paddle page palace palm pancake panda panel paper parade parcel
park parrot parsley pasta path patio pavement peach peacock peanut pear pearl pebble pelican pen
pencil penguin pepper piano picnic pie pigeon pillow pilot pine pink pirate pizza planet plank plate
plaza plum pocket poem polar pond pony poppy porch port potato pottery prairie prism puddle puffin
pumpkin puppet puppy purple puzzle quail quarry quartz queen quiet quill quilt quiver rabbit radio
radish raft rail rain ranch raven recipe reef ribbon rice ridge ring river road robin rocket roof
root rope rose rubber ruby rudder rug runner rye saddle sail salad salmon salt sand sandal sapling
satin sauce scarf school scooter scout sea seal season seed shadow shed sheep shelf shell ship shirt
shoe shore shovel shrimp silk silver singer sister skate sketch ski sky slate sleet sloop smile
smoke snail snow soap sofa soup south spade spark sparrow spider spinach spiral sponge spoon spring
spruce square squash squid stable stamp star station steam stone stork storm stove straw stream
street string summer sun sunset swan sweater swing table tailor talon tango tape tarmac tea temple
tennis tent theatre thimble thistle thumb thunder ticket tiger timber toast tomato topaz torch
tortoise towel tower town tractor train tram tray treasure tree trout trumpet tulip tundra tunnel
turkey turnip turtle tweed umbrella uncle unicorn valley vanilla vase velvet village vine violet
violin volcano voyage waffle wagon walnut walrus water wave wax weasel well west whale wheat wheel
whistle willow wind window wing winter wire wizard wolf wood wool wren yacht yarn yeast yellow
yogurt zebra zigzag zinc
`
  .trim()
  .split(/\s+/);
