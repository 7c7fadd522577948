module tallystick.org/tlogcheck

go 1.26.0

// In 0.36 and before, TileHashReader left full tiles unauthenticated where one tile held several roots of subtrees.
require golang.org/x/mod v0.42.0
