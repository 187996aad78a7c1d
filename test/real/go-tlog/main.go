// Command go-tlog lets golang.org/x/mod/sumdb speak about the trees, tiles and notes that the log writes.
//
//	proofs N ALL SAMPLES      digests of proofs over the tree of N leaves
//	tiles OLD NEW …           digests of the tiles that growing from OLD to NEW leaves writes
//	check                     reads cases as JSON lines and answers 1 or 0 for each
//	open VKEY…                reads a note and prints its text and the names that signed
//	sign NAME                 makes a key and signs the text that it reads
package main

import (
	"bufio"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// store holds the stored hashes of a tree.
type store []tlog.Hash

func (s store) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for at, index := range indexes {
		hashes[at] = s[index]
	}
	return hashes, nil
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func grow(size int64) store {
	var tree store
	for n := int64(0); n < size; n++ {
		hashes, err := tlog.StoredHashes(n, []byte(fmt.Sprintf("leaf %d", n)), tree)
		fail(err)
		tree = append(tree, hashes...)
	}
	return tree
}

// sample is the j-th place that is looked at in a tree of n leaves.
func sample(n, j int64) int64 {
	return (n*2654435 + j*40503*(j+n)) % n
}

// whole tells whether every place of the tree of n leaves is looked at: small trees, and those near a power of two.
func whole(n, all int64) bool {
	for power := int64(1); power <= n+1; power *= 2 {
		if n == power-1 || n == power || n == power+1 {
			return true
		}
	}
	return n <= all
}

// prover makes proofs, holds each against Go's own check, and digests them.
type prover struct {
	tree  store
	roots []tlog.Hash
}

func (p *prover) root(n int64) tlog.Hash {
	return p.roots[n]
}

func (p *prover) both(n, at int64) []byte {
	leaf := p.tree[tlog.StoredHashIndex(0, at)]
	record, err := tlog.ProveRecord(n, at, p.tree)
	fail(err)
	fail(tlog.CheckRecord(record, n, p.root(n), at, leaf))
	tree, err := tlog.ProveTree(n, at+1, p.tree)
	fail(err)
	fail(tlog.CheckTree(tree, n, p.root(n), at+1, p.root(at+1)))
	digest := sha256.New()
	for _, hash := range append(record, tree...) {
		digest.Write(hash[:])
	}
	return digest.Sum(nil)
}

func proofs(size, all, samples int64) {
	p := &prover{tree: grow(size)}
	for n := int64(0); n <= size; n++ {
		root, err := tlog.TreeHash(n, p.tree)
		fail(err)
		p.roots = append(p.roots, root)
	}
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for n := int64(1); n <= size; n++ {
		digest := sha256.New()
		root := p.root(n)
		digest.Write(root[:])
		if whole(n, all) {
			for at := int64(0); at < n; at++ {
				digest.Write(p.both(n, at))
			}
		} else {
			for j := int64(0); j < samples; j++ {
				digest.Write(p.both(n, sample(n, j)))
			}
		}
		fmt.Fprintf(out, "%x\n", digest.Sum(nil)[:8])
	}
}

func tiles(words []string) {
	tree := grow(70000)
	for at := 0; at+1 < len(words); at += 2 {
		from, err := strconv.ParseInt(words[at], 10, 64)
		fail(err)
		to, err := strconv.ParseInt(words[at+1], 10, 64)
		fail(err)
		for _, tile := range tlog.NewTiles(8, from, to) {
			data, err := tlog.ReadTileData(tile, tree)
			fail(err)
			fmt.Printf("%d %d %s %x\n", from, to, tile.Path(), sha256.Sum256(data))
		}
	}
}

// proofCase is one proof to be checked.
type proofCase struct {
	Kind       string
	Size, Of   int64
	Root, Hash []byte
	Proof      [][]byte
}

func toHash(bytes []byte) (hash tlog.Hash, ok bool) {
	return hash, copy(hash[:], bytes) == len(hash) && len(bytes) == len(hash)
}

func (c proofCase) holds() bool {
	root, rooted := toHash(c.Root)
	hash, ok := toHash(c.Hash)
	if !rooted || !ok {
		return false
	}
	var proof []tlog.Hash
	for _, bytes := range c.Proof {
		part, ok := toHash(bytes)
		if !ok {
			return false
		}
		proof = append(proof, part)
	}
	if c.Kind == "inclusion" {
		return tlog.CheckRecord(tlog.RecordProof(proof), c.Size, root, c.Of, hash) == nil
	}
	return tlog.CheckTree(tlog.TreeProof(proof), c.Size, root, c.Of, hash) == nil
}

func check() {
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	decoder := json.NewDecoder(bufio.NewReader(os.Stdin))
	for {
		var next proofCase
		err := decoder.Decode(&next)
		if err == io.EOF {
			return
		}
		fail(err)
		verdict := "0"
		if next.holds() {
			verdict = "1"
		}
		out.WriteString(verdict)
	}
}

func open(vkeys []string) {
	var known []note.Verifier
	for _, vkey := range vkeys {
		verifier, err := note.NewVerifier(vkey)
		fail(err)
		known = append(known, verifier)
	}
	decoder := json.NewDecoder(bufio.NewReader(os.Stdin))
	for {
		var text []byte
		err := decoder.Decode(&text)
		if err == io.EOF {
			return
		}
		fail(err)
		opened, err := note.Open(text, note.VerifierList(known...))
		if err != nil {
			fmt.Println("refused")
			continue
		}
		fmt.Println(base64.StdEncoding.EncodeToString([]byte(opened.Text)), len(opened.Sigs), len(opened.UnverifiedSigs))
	}
}

func sign(name string) {
	text, err := io.ReadAll(os.Stdin)
	fail(err)
	skey, vkey, err := note.GenerateKey(rand.Reader, name)
	fail(err)
	signer, err := note.NewSigner(skey)
	fail(err)
	signed, err := note.Sign(&note.Note{Text: string(text)}, signer)
	fail(err)
	fmt.Printf("%s\n%s", vkey, signed)
}

func number(word string) int64 {
	value, err := strconv.ParseInt(word, 10, 64)
	fail(err)
	return value
}

func main() {
	switch os.Args[1] {
	case "proofs":
		proofs(number(os.Args[2]), number(os.Args[3]), number(os.Args[4]))
	case "tiles":
		tiles(os.Args[2:])
	case "check":
		check()
	case "open":
		open(os.Args[2:])
	case "sign":
		sign(os.Args[2])
	default:
		os.Exit(2)
	}
}
