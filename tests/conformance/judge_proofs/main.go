// Command judge_proofs says what github.com/transparency-dev/merkle, as it was released, thinks of Merkle proofs.
//
// It reads probes from standard input, one JSON object a line, and answers each with true or false on a line: an
// inclusion proof has a leafHash, every other probe is a consistency proof.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
)

type probe struct {
	Index    uint64   `json:"leafIdx"`
	Size     uint64   `json:"treeSize"`
	Root     []byte   `json:"root"`
	LeafHash *[]byte  `json:"leafHash"`
	Size1    uint64   `json:"size1"`
	Size2    uint64   `json:"size2"`
	Root1    []byte   `json:"root1"`
	Root2    []byte   `json:"root2"`
	Proof    [][]byte `json:"proof"`
}

func (p probe) holds() bool {
	hasher := rfc6962.DefaultHasher
	if p.LeafHash != nil {
		return proof.VerifyInclusion(hasher, p.Index, p.Size, *p.LeafHash, p.Proof, p.Root) == nil
	}
	return proof.VerifyConsistency(hasher, p.Size1, p.Size2, p.Proof, p.Root1, p.Root2) == nil
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var each probe
		if err := json.Unmarshal(lines.Bytes(), &each); err != nil {
			fmt.Fprintln(os.Stderr, "not a probe:", err)
			os.Exit(1)
		}
		fmt.Println(each.holds())
	}
}
