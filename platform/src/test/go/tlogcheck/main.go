// Tlogcheck checks a Tallystick log directory with nothing of ours: the checkpoint's signature, every tile and every
// entry are verified by golang.org/x/mod/sumdb, the code behind the Go checksum database.
//
//	go run -C platform/src/test/go/tlogcheck . -dir /path/to/log -vkey 'name+hash+key' [-since /path/to/old-checkpoint]
//
// It prints one line and exits with 0 if all is well, with 1 if anything does not fit, with 2 if it was called wrongly.
package main

import (
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	tileHeight = 8
	tileWidth  = 1 << tileHeight
)

func main() {
	dir := flag.String("dir", "", "the log's `directory`")
	vkey := flag.String("vkey", "", "the log's verifier `key`, name+hash+base64")
	since := flag.String("since", "", "an earlier checkpoint `file` the log must be an extension of")
	flag.Parse()
	if *dir == "" || *vkey == "" || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	tree, err := check(*dir, *vkey, *since)
	if err != nil {
		fmt.Printf("REJECTED: %v\n", err)
		os.Exit(1)
	}
	fmt.Printf("OK: %d entries, root %v\n", tree.N, tree.Hash)
}

func check(dir, vkey, since string) (tlog.Tree, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return tlog.Tree{}, fmt.Errorf("verifier key: %w", err)
	}
	tree, err := openCheckpoint(filepath.Join(dir, "checkpoint"), verifier)
	if err != nil {
		return tree, err
	}
	reader := &memory{tlog.TileHashReader(tree, &tiles{dir}), map[int64]tlog.Hash{}}
	if err := checkEntries(dir, tree, reader); err != nil {
		return tree, err
	}
	if err := checkPrefixes(tree, reader); err != nil {
		return tree, err
	}
	if since == "" {
		return tree, nil
	}
	old, err := openCheckpoint(since, verifier)
	if err != nil {
		return tree, fmt.Errorf("earlier %w", err)
	}
	return tree, checkConsistency(tree, old, reader)
}

// openCheckpoint verifies the signature and reads the three lines: origin, size, root.
func openCheckpoint(file string, verifier note.Verifier) (tlog.Tree, error) {
	msg, err := os.ReadFile(file)
	if err != nil {
		return tlog.Tree{}, err
	}
	signed, err := note.Open(msg, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, fmt.Errorf("checkpoint: %w", err)
	}
	lines := strings.Split(signed.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() || lines[3] != "" {
		return tlog.Tree{}, errors.New("checkpoint: not the three lines of this log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return tlog.Tree{}, fmt.Errorf("checkpoint: size %q", lines[1])
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return tlog.Tree{}, fmt.Errorf("checkpoint: root: %w", err)
	}
	if empty, err := tlog.TreeHash(0, nil); size == 0 && (err != nil || root != empty) {
		return tlog.Tree{}, errors.New("checkpoint: not the root of an empty tree")
	}
	return tlog.Tree{N: size, Hash: root}, nil
}

// checkEntries hashes every entry anew, compares it with its leaf in the tiles and proves its inclusion.
func checkEntries(dir string, tree tlog.Tree, reader tlog.HashReader) error {
	for first := int64(0); first < tree.N; first += tileWidth {
		width := int(min(tileWidth, tree.N-first))
		entries, err := readBundle(dir, first/tileWidth, width)
		if err != nil {
			return err
		}
		leaves, err := readLeaves(reader, first, width)
		if err != nil {
			return err
		}
		for i, entry := range entries {
			position := first + int64(i)
			hash := tlog.RecordHash(entry)
			if hash != leaves[i] {
				return fmt.Errorf("entry %d does not hash to its leaf", position)
			}
			proof, err := tlog.ProveRecord(tree.N, position, reader)
			if err != nil {
				return fmt.Errorf("entry %d: %w", position, err)
			}
			if err := tlog.CheckRecord(proof, tree.N, tree.Hash, position, hash); err != nil {
				return fmt.Errorf("entry %d: %w", position, err)
			}
		}
	}
	return nil
}

// readLeaves reads the leaf hashes of one tile, and with them, for the proofs to come, all hashes above them in the tile.
func readLeaves(reader tlog.HashReader, first int64, width int) ([]tlog.Hash, error) {
	var indexes []int64
	for level := range tileHeight {
		for n := first >> level; n < (first+int64(width))>>level; n++ {
			indexes = append(indexes, tlog.StoredHashIndex(level, n))
		}
	}
	hashes, err := reader.ReadHashes(indexes)
	if err != nil {
		return nil, err
	}
	return hashes[:width], nil
}

// checkPrefixes proves the tree consistent with its own beginnings of a few sizes.
func checkPrefixes(tree tlog.Tree, reader tlog.HashReader) error {
	for size := tree.N - 1; size > 0; size /= 2 {
		hash, err := tlog.TreeHash(size, reader)
		if err != nil {
			return err
		}
		if err := checkConsistency(tree, tlog.Tree{N: size, Hash: hash}, reader); err != nil {
			return err
		}
	}
	return nil
}

func checkConsistency(tree, old tlog.Tree, reader tlog.HashReader) error {
	if old.N > tree.N {
		return fmt.Errorf("the log has shrunk from %d to %d entries", old.N, tree.N)
	}
	if old.N == 0 {
		return nil
	}
	proof, err := tlog.ProveTree(tree.N, old.N, reader)
	if err != nil {
		return fmt.Errorf("from size %d: %w", old.N, err)
	}
	if err := tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash); err != nil {
		return fmt.Errorf("not an extension of size %d: %w", old.N, err)
	}
	return nil
}

// readBundle reads the entries of one bundle: two bytes of length before each.
func readBundle(dir string, n int64, width int) ([][]byte, error) {
	name := tilePath("tile/entries/", n)
	data, full, err := readPartial(dir, name, width)
	if err != nil {
		return nil, err
	}
	var entries [][]byte
	for len(entries) < width {
		if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
			return nil, fmt.Errorf("%s is cut off after %d entries", name, len(entries))
		}
		end := 2 + int(binary.BigEndian.Uint16(data))
		entries = append(entries, data[2:end])
		data = data[end:]
	}
	if len(data) > 0 && !full {
		return nil, fmt.Errorf("%s has more than %d entries", name, width)
	}
	return entries, nil
}

// readPartial reads a tile of that width, or the full one where the partial one is gone.
func readPartial(dir, name string, width int) (data []byte, full bool, err error) {
	if width < tileWidth {
		data, err = os.ReadFile(filepath.Join(dir, fmt.Sprintf("%s.p/%d", name, width)))
		if err == nil || !errors.Is(err, os.ErrNotExist) {
			return data, false, err
		}
		full = true
	}
	data, err = os.ReadFile(filepath.Join(dir, name))
	return data, full, err
}

// tilePath writes a tile's number in groups of three digits, all but the last behind an x.
func tilePath(prefix string, n int64) string {
	text := fmt.Sprintf("%03d", n%1000)
	for n /= 1000; n > 0; n /= 1000 {
		text = fmt.Sprintf("x%03d/%s", n%1000, text)
	}
	return prefix + text
}

// tiles gives the tiles of a log directory to the tlog package, which checks them against the signed root.
type tiles struct{ dir string }

func (t *tiles) Height() int { return tileHeight }

func (t *tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range wanted {
		name := tilePath(fmt.Sprintf("tile/%d/", tile.L), tile.N)
		data, _, err := readPartial(t.dir, name, tile.W)
		if err != nil {
			return nil, err
		}
		if len(data) < tile.W*tlog.HashSize {
			return nil, fmt.Errorf("%s has %d bytes", name, len(data))
		}
		all = append(all, data[:tile.W*tlog.HashSize])
	}
	return all, nil
}

func (t *tiles) SaveTiles([]tlog.Tile, [][]byte) {}

// memory keeps hashes that have been checked against the root, so that no tile is checked again for every entry in it.
type memory struct {
	reader tlog.HashReader
	known  map[int64]tlog.Hash
}

func (m *memory) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var missing []int64
	for _, index := range indexes {
		if _, ok := m.known[index]; !ok {
			missing = append(missing, index)
		}
	}
	if len(missing) > 0 {
		found, err := m.reader.ReadHashes(missing)
		if err != nil {
			return nil, err
		}
		for i, index := range missing {
			m.known[index] = found[i]
		}
	}
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		hashes[i] = m.known[index]
	}
	return hashes, nil
}
