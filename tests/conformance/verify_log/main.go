// Command verify_log verifies an exported log with nothing of Gatekeeper: only golang.org/x/mod/sumdb/note and tlog.
//
// The root is recomputed from the bytes of the entries. Tiles are read only to be compared with it: a verifier that
// takes hashes from the log, as tlog.TileHashReader did (CVE-2026-56865), lets the log vouch for itself.
//
//	verify_log DIR VKEY
//
// Exit codes: 0 whole, 1 everything else.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	height = 8
	width  = 1 << height
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: verify_log DIR VKEY")
		os.Exit(1)
	}
	tree, err := verify(os.Args[1], os.Args[2])
	if err != nil {
		fmt.Println("REJECTED:", err)
		os.Exit(1)
	}
	fmt.Printf("whole: %d entries, root %x\n", tree.N, tree.Hash[:])
}

func verify(dir, vkey string) (tlog.Tree, error) {
	tree, err := checkpoint(dir, vkey)
	if err != nil {
		return tree, err
	}
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			if index >= int64(len(stored)) {
				return nil, errors.New("asked for a hash beyond the entries")
			}
			hashes[i] = stored[index]
		}
		return hashes, nil
	})
	for first := int64(0); first < tree.N; first += width {
		entries, err := bundle(dir, first, min(width, tree.N-first))
		if err != nil {
			return tree, err
		}
		for i, entry := range entries {
			hashes, err := tlog.StoredHashesForRecordHash(first+int64(i), tlog.RecordHash(entry), reader)
			if err != nil {
				return tree, err
			}
			stored = append(stored, hashes...)
		}
	}
	root, err := tlog.TreeHash(tree.N, reader)
	if err != nil {
		return tree, err
	}
	if err := compareTiles(dir, tree.N, reader); err != nil {
		return tree, err
	}
	if root != tree.Hash {
		return tree, errors.New("the entries do not lead to the root that was signed")
	}
	return tree, nil
}

// checkpoint opens the signed note and parses it by hand: tlog.ParseTree knows only the form of Go's own database.
func checkpoint(dir, vkey string) (tree tlog.Tree, err error) {
	signed, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	if err != nil {
		return tree, err
	}
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return tree, err
	}
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return tree, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[3] != "" || lines[0] != verifier.Name() {
		return tree, errors.New("the checkpoint is not origin, size and root of this log")
	}
	tree.N, err = strconv.ParseInt(lines[1], 10, 64)
	if err != nil || tree.N < 0 || strconv.FormatInt(tree.N, 10) != lines[1] {
		return tree, errors.New("the checkpoint's size is not a whole number")
	}
	root, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return tree, errors.New("the checkpoint's root is not a hash")
	}
	copy(tree.Hash[:], root)
	return tree, nil
}

// bundle reads count entries from first on, each behind its length in two bytes.
func bundle(dir string, first, count int64) ([][]byte, error) {
	path := tilePath(tlog.Tile{H: height, L: -1, N: first / width, W: int(count)})
	content, err := os.ReadFile(filepath.Join(dir, path))
	if err != nil {
		return nil, err
	}
	var entries [][]byte
	for len(content) >= 2 {
		length := int(binary.BigEndian.Uint16(content))
		if len(content) < 2+length {
			break
		}
		entries = append(entries, content[2:2+length])
		content = content[2+length:]
	}
	if len(content) != 0 || int64(len(entries)) != count {
		return nil, fmt.Errorf("%s does not hold %d whole entries", path, count)
	}
	return entries, nil
}

// compareTiles compares every tile with the hashes that the entries gave.
func compareTiles(dir string, size int64, reader tlog.HashReader) error {
	for _, tile := range tlog.NewTiles(height, 0, size) {
		computed, err := tlog.ReadTileData(tile, reader)
		if err != nil {
			return err
		}
		path := tilePath(tile)
		served, err := os.ReadFile(filepath.Join(dir, path))
		if err != nil {
			return err
		}
		for at := 0; at+tlog.HashSize <= len(computed) && tile.L == 0; at += tlog.HashSize {
			if at+tlog.HashSize > len(served) || !bytes.Equal(computed[at:at+tlog.HashSize], served[at:at+tlog.HashSize]) {
				return fmt.Errorf("entry %d does not match its leaf hash", tile.N*width+int64(at/tlog.HashSize))
			}
		}
		if !bytes.Equal(computed, served) {
			return fmt.Errorf("%s does not match the entries", path)
		}
	}
	return nil
}

// tilePath is the name in C2SP tlog-tiles, which has no height and calls the tile of records (level -1) entries.
func tilePath(tile tlog.Tile) string {
	path := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", height))
	return "tile/" + strings.Replace(path, "data/", "entries/", 1)
}
