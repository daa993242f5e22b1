namespace Blackwall.Fuzz.Bash;

/// <summary>Statements with what the test suites of shells are about: scope, attributes, traps, options, descriptors, jobs and the rarer expansions.</summary>
internal sealed partial class ScriptMaker
{
    private string Feature() => Pick(Scopes(), Attributes(), Cases(), Menus(), Expressions(), Documents(), Processes(), Events(), Strictness(), Splitting(), Readers(), Formats(), Expansions(), Holes(), Descriptors(), Background(), Sources(), FileNames(), Sequences(), Mixed());

    private string Scopes() => Pick(
        "outer() { local v=1; inner() { v=2; local w=$v; echo in $v $w; }; inner; echo out $v ${w:-none}; }; v=0; outer; echo $v",
        "f() { local a=$1 b; b=$((a*2)); g $b; }; g() { echo \"g got $1 a=$a\"; }; f 4; echo \"${a-unset}\"",
        "v=g; f() { unset v; echo \"${v-none}\"; }; v=t f; echo $v", "f() { local v=$1; ((v)) || return 3; f $((v-1)); local s=$?; echo $v $s; return $s; }; f 2; echo $?",
        "v=x; f() { declare -g v=y; local v=z; echo $v; }; f; echo $v", "f() { local -a l=(1 2 \"$@\"); echo ${#l[@]} ${l[-1]}; }; f a 'b c'; echo ${l-gone}", $"IFS=: eval 'set -- a:{Plain()}'; echo $# $1", "f() { echo \"${FUNCNAME[0]} $# $*\"; }; g() { f \"$@\" x; }; g 1 2");

    private string Attributes() => Pick(
        "declare -i n=3; n+=4; n=n*2; echo $n", "declare -u s=abc; s+=def; echo $s; declare -l t=XYZ; echo $t", "declare -A m=([a]=1 [b]=2); m[c]=3; m[a]+=x; for k in a b c; do echo -n \"$k=${m[$k]} \"; done; echo ${#m[@]}; unset 'm[b]'; echo ${m[b]-none}",
        "x=5; declare -n r=x; r=6; echo $x ${!r} $r; unset -n r; echo ${r-none}", "f() { local -n out=$1; out=\"set $2\"; }; f res v; echo \"$res\"", "declare -r c=1; c=2 2>/dev/null; echo $c", "declare -ai a=(1+1 2*3); a[5]=4+4; echo ${a[@]} ${!a[@]}", "declare -p nosuch 2>/dev/null; echo $?; x='a b'; declare -p x; declare -x y=1; declare -p y",
        "a=(1 2 3); b=(\"${a[@]}\" 4); a+=(5); echo ${#a[@]} ${#b[@]}; declare -p b", "export E=1; bash -c 'echo $E'; E=2 bash -c 'echo $E'; echo $E", "readonly -a l=(x y); declare -p l", "f() { echo exported; }; export -f f; bash -c f");

    private string Cases() => Pick(
        $"case {Plain()} in a*) echo a;;& *o*) echo o;& zz) echo through;; *) echo none;; esac", "for w in a1 B2 _ '' 'x y'; do case $w in [a-z]?) echo low;; [[:upper:]]*) echo up;; '') echo empty;; *' '*) echo blank;; *) echo else;; esac; done",
        "shopt -s extglob\nfor w in ab abab xyz 12 ''; do case $w in +(ab)) echo many;; !(x*|[0-9]*)) echo other;; @(xyz|12)) echo one;; esac; done", $"case \"{Word().Replace("\"", "", StringComparison.Ordinal).Replace("$", "", StringComparison.Ordinal).Replace("\\", "", StringComparison.Ordinal)}\" in (*[!a-z]*) echo odd;; (*) echo plain;; esac; echo $?", "case x in y) ;; esac; echo $?; case a in a) false;; esac; echo $?", "shopt -s nocasematch; case ABC in abc) echo same;; esac; [[ Foo == foo ]] && echo yes");

    private string Menus() => Pick("select x in a b c; do echo \"got $x $REPLY\"; [ \"$x\" = c ] && break; done <<< $'1\\n9\\n3' 2>/dev/null", "PS3='> '; select f in one two; do echo $f; break; done <<< 2 2>/dev/null; echo $f $?");

    private string Expressions() => Pick(
        "[[ 2024-05-06 =~ ^([0-9]+)-([0-9]+)-(.*)$ ]] && echo \"${BASH_REMATCH[@]:1}\" ${#BASH_REMATCH[@]}", "re='^a(b|c)+d$'; for s in abd abcbd ad; do [[ $s =~ $re ]] && echo \"$s ${BASH_REMATCH[1]}\"; done", "[[ foobar =~ foo|foobar ]]; echo ${BASH_REMATCH[0]}", "[[ ! -e none && ( a < b || 1 -eq 2 ) ]] && echo ok", "[[ a.c == a\\.c && abc != 'a*' ]]; echo $?", "[[ -n $undef || -z ${undef+x} ]] && echo t", "test ! -d / -o -d / && echo o; [ -z \"\" -a a != b ]; echo $?",
        "echo $(( (a=3, b=a*2, a+b) )) $a $b", "i=1; echo $((i++*2 + ++i)) $i; ((i+=i<<1, i%=7)); echo $i", "echo $((16#fF)) $((8#17)) $((36#z)) $((64#_)) $((2#1010^5))", "x=5; echo $((x>3?x<10?1:2:3)) $((!x||x&&0)) $((-x%3)) $((~x&0xF))", "echo $((1 +)) 2>/dev/null; echo after $?", "((5/0)) 2>/dev/null; echo $?; let a=1 b=a+1; echo $b", "a=(1 2 3); ((a[1]*=10, a[${#a[@]}]=7)); echo ${a[@]} $((a[-1]))", "n='1+2'; echo $((n*2)) $(($n*2))", "RANDOM=7; echo $RANDOM $((RANDOM%10))");

    private string Documents() => _depth > 1 ? Echo() : Pick(
        "f() {\n\tcat <<-'E'\n\t\tkept $HOME\n\tE\n\tcat <<E2\n$1 $(echo s)\nE2\n}\nf arg", "for i in 1 2; do cat <<E\nrow $i $((i*i))\nE\ndone", "cat <<A; cat <<'B'\na $((1+1))\nA\nb $x\nB", "while read -r k v; do echo \"$v=$k\"; done <<E\na 1\nb 2 3\nE", "x=$(cat <<E\nin $(echo sub)\nE\n); echo \"[$x]\"", "cat <<E | tr a-z A-Z\none\\\ntwo \\$x `echo b`\nE", "cat <<\"E\"\n\"q\" \\n ${x}\nE", "{ cat; echo end; } <<< \"a\n b\"");

    private string Processes() => Pick(
        "diff <(printf 'a\\nb\\n') <(printf 'a\\nc\\n'); echo $?", "paste -d, <(seq 3) <(seq 4 6)", "while read -r x; do echo \"<$x>\"; done < <(printf '1\\n2\\n')", "cat <(echo a) - <<< b", "coproc { read x; echo \"co $x\"; }; echo hi >&${COPROC[1]}; read y <&${COPROC[0]}; echo $y", "printf '3\\n1\\n' | tee >(cat > copy) | sort; sleep 0.1; cat copy; rm copy", "yes | head -n 2; echo ${PIPESTATUS[*]}", "seq 100000 | head -1; seq 5 | { read a; read b; echo $b; cat; }", "(echo a; sleep 0.02; echo b) | while read l; do echo \"l $l\"; done", "false | true | (exit 3); echo \"${PIPESTATUS[@]}\" $?", "set -o pipefail; false | true; echo $?; true | (exit 2) | true; echo $?");

    private string Events() => Pick(
        "trap 'echo E$?' ERR; false; (exit 3); true; ! true; f() { false; }; f; echo end", "trap 'echo R' RETURN; f() { echo b; }; f; echo after", "n=0; trap 'n=$((n+1))' DEBUG; :; :; trap - DEBUG; echo $n", "(trap 'echo x1' EXIT; exit 4); echo $?", "trap 'echo usr' USR1; kill -USR1 $$; echo done", "trap 'echo a' EXIT; trap 'echo b' EXIT; echo c", "trap 'echo one; false' EXIT; exit 5", "f() { trap 'echo in' EXIT; }; f; echo x", "trap -- '' INT; trap; trap - INT; trap -p", "$(trap 'echo sub >&2' EXIT); echo $?");

    private string Strictness() => Pick(
        "set -e; false || echo caught; if false; then :; fi; ! true; echo alive; false; echo never", "set -e; f() { false; echo f; }; f || echo or; f && echo and; echo last", "set -u; echo ${nope-def} ${1-no}; echo $nope; echo never", "set -e; x=$(false); echo never", "set -e; (false); echo never", "set -e; { false; } | cat; echo piped", "set -f; echo *; set +f", "set -x 2>/dev/null; { echo traced; } 2>/dev/null; set +x", "set -eu -o pipefail; true | cat; echo ok; false | cat; echo never", "set -e; for i in 1 2; do [ $i = 3 ] && echo x; done; echo end", "set -- a b; set -o noglob; echo $- | grep -c f; shopt -q extglob; echo $?");

    private string Splitting() => Pick(
        "IFS=:; v=a::b:; for p in $v; do echo \"<$p>\"; done", "IFS=' :'; set -- a : b::c; echo $#; v='x : y'; set -- $v; echo $#", "IFS=; v='a b'; set -- $v; echo $# \"$*\"", "IFS=,; set -- a b c; echo \"$*\"; echo $*; x=\"$*\"; echo $x", "v=' a  b '; set -- $v; echo $#; set -- \"$v\" ''; echo $#; set -- ${v}x; echo $#", "IFS=x; v=axxb; set -- $v; echo $# \"$2\"; unset IFS; echo $v", "set -- '' a ''; for i in \"$@\"; do echo \"[$i]\"; done; echo $#; set -- $@; echo $#", "a=(x 'y z' ''); for e in ${a[@]} \"${a[@]}\" \"${a[*]}\"; do echo \"<$e>\"; done");

    private string Readers() => Pick(
        "read -r -a w <<< 'a b  c'; echo ${#w[@]} \"${w[2]}\"", "read -d '' x <<< $'l1\\nl2'; echo \"$x $?\"", "read -n 2 a <<< wxyz; read -N 3 b <<< 'p q r'; echo \"$a|$b\"", "IFS=: read a b c <<< 'x:y:z:w'; echo \"$c\"; IFS= read -r l <<< '  sp  '; echo \"[$l]\"", "read -t 1 v <<< quick; echo $v $?; read -t 0.05 v < <(sleep 0.3); echo $?", "mapfile -t -n 2 -s 1 L <<< $'a\\nb\\nc\\nd'; echo ${L[@]} ${#L[@]}; mapfile M < /dev/null; echo ${#M[@]}", "while IFS=, read -r a b; do echo \"$b;$a\"; done <<< $'1,2\\n3,4'", "read -r x y <<< 'a\\b c\\'; echo \"$x|$y\"; read x <<< 'a\\b'; echo $x", "readarray -d : P <<< 'p:q'; echo \"${#P[@]}<${P[0]}>\"");

    private string Formats() => Pick(
        "printf -v v '%05.1f|%-4s|%+d' 3.14159 ab 7; echo \"$v\"", "printf '%q %q %q\\n' 'a b' $'x\\ty' \"it's\"", "printf '%(%Y-%m-%d)T\\n' 0; TZ=UTC printf '%(%H:%M)T\\n' 3600", "printf '%s-%s\\n' a b c; printf '%d %o %X %e\\n' 255 8 255 1234.5", "printf '%b|%c|%5.2s|%%\\n' 'a\\tb' xyz abcdef", "printf '%*d|%-*d|\\n' 5 42 4 7", "printf '\\x41\\102\\u00e9\\n'; printf '%i\\n' 0x1f 017 \"'a\"", "printf 'no args %s %d\\n'; printf '%s\\n'; printf '%d\\n' x 2>/dev/null; echo $?", "printf '%-10s|%10s|\\n' left right; printf '%.3d %5.3d\\n' 5 7", "printf -v 'a[2]' x; echo ${#a[@]} ${a[2]}");

    private string Expansions() => Pick(
        "v=\"a'b c\"; echo ${v@Q}; w=abc; echo ${w@U} ${w@u}; x=ABC; echo ${x@L}", "pre_a=1; pre_b=2; echo ${!pre_*}; echo \"${!pre_@}\"", "v=hello; echo ${v:1:-1} ${v: -3:2} ${v//[el]/_} ${v/%o/0} ${v/#h/H}", "p=/x/y.tar.gz; echo ${p##*/} ${p%.*} ${p%%.*} ${p#*/} ${p/.*/}", "set -- a b c d; echo ${@:2:2} ${*: -1} ${#@} ${@%b} \"${@/#/x}\"", "a=(one two three); echo ${a[@]/#/-} ${a[@]^^t} ${#a[@]} ${!a[@]} ${a[@]: -2}", "unset u; echo ${u:=def} ${u:+alt} ${#u} ${u:?no}", "v='*'; echo \"$v\" ; x='a*b'; echo ${x%%\\**} ${x/\"*\"/S}", "i=v; v=w; w=z; echo ${!i} ${!i:-d}; r='a[1]'; a=(p q); echo ${!r}", "v=$'a\\nb'; echo \"${v//$'\\n'/,}\" ${#v}; echo ${v@E} ${v@A}", "s=banana; echo ${s//an} ${s/an/&-} ${s^} ${s~~} ${s^^[an]}", $"echo ${{v:-$(echo {Plain()})}} \"${{v:-a  b}}\" ${{v:+\"x  y\"}}", "echo $_; : one two; echo $_", "echo ${#} ${#?} ${?} ${-:+flags} ${0##*/}");

    private string Holes() => Pick(
        "a=([3]=x [7]=y); a+=(z); echo ${!a[@]} ${#a[@]} ${a[@]:4}; unset 'a[7]'; echo ${!a[@]} ${a[-1]}", "a=(); echo ${#a[@]} \"${a[@]-none}\"; a[2]=; echo ${#a[@]} ${a[2]-unset}", "a=(a b c); a=(\"${a[@]:0:1}\" \"${a[@]:2}\"); echo ${a[@]}; a[0]+=z; echo $a", "a=(1 2 3); for i in \"${!a[@]}\"; do a[i]=$((a[i]*2)); done; echo ${a[*]}; unset a; echo ${a-gone}", "declare -a m; m[1]=a; m[0]=b; echo ${m[@]}; declare -p m", "a=(x y); set -- \"${a[@]}\"; a=(); echo $# ${#a}; b=(\"$@\"); declare -p b", "a[5]=5; a[1]=1; echo \"${a[@]}\" ${a[10]:-no} ${a[0]-no}");

    private string Descriptors() => Pick(
        "exec 3>&1; echo three >&3; exec 3>&-; { echo x >&3; } 2>/dev/null; echo $?", "exec 4<<< 'l1\nl2'; read -u 4 a; read b <&4; echo $b$a; exec 4<&-", "exec {fd}> o; echo via >&$fd; exec {fd}>&-; cat o; rm o", "{ echo o; echo e >&2; } > f1 2> f2; cat f2 f1; rm f1 f2", "{ echo o; echo e >&2; } 2>&1 >/dev/null | cat", "echo a > f; echo b >> f; exec 5< f; cat <&5; exec 5<&-; rm f", "cat < none 2>/dev/null || echo failed; echo x > /nodir/f 2>/dev/null; echo $?", "exec 6>&1 > g; echo hidden; exec >&6 6>&-; cat g; rm g", "f() { echo out; echo err >&2; } 2>&1; f | sed 's/^/+/'", "echo x | tee a b > /dev/null; cat a b; rm a b", "(exec > h; echo in); cat h; rm h", "while read l; do echo \"$l\"; cat > /dev/null; done <<< $'1\\n2'", "exec > >(sed 's/^/> /'); echo piped; exec >&-");

    private string Background() => Pick(
        "sleep 0.05 & wait $!; echo $?; (exit 3) & wait $!; echo $?", "false & wait -n; echo $?; wait; echo $?", "(sleep 0.03; echo bg) & echo fg; wait", "x=1; { x=2; } & wait; echo $x", "sleep 5 & kill $!; wait $! 2>/dev/null; echo $?", "for i in 3 1 2; do (sleep 0.0$i; exit $i) & p[i]=$!; done; for i in 1 2 3; do wait ${p[i]}; echo $?; done", "true & p=$!; wait $p; kill -0 $p 2>/dev/null; echo $?", "wait 99999 2>/dev/null; echo $?; wait %9 2>/dev/null; echo $?");

    private string Sources() => Pick(
        "echo 'echo \"s $# $1\"; v=sourced; return 4; echo no' > lib; . ./lib a b; echo $? $v; rm lib", "eval 'for i in 1 2; do' 'echo $i; done'; eval \"x='a b'\"; echo \"$x\"", "echo 'set -- z; echo $1' > s; set -- a; . ./s; echo $1; rm s", "printf 'echo $0 $1\\nexit 6\\n' > sc; bash sc arg; echo $?; chmod +x sc; ./sc w; echo $?; rm sc", "bash -c 'echo $0 $# $2' n a b; echo 'echo stdin $1' | bash -s q", "source nofile 2>/dev/null; echo $?; eval; echo $?; eval 'false'; echo $?", "alias ll='echo aliased'\nshopt -s expand_aliases\nalias hi='echo hi '\nhi ll\nunalias hi; hi 2>/dev/null; echo $?");

    private string FileNames() => Pick(
        "mkdir d; touch d/a.c d/b.h d/.x; cd d; echo * .[!.]*; shopt -s dotglob; echo *; shopt -s nullglob; echo *.none; cd ..; rm -r d", "mkdir -p t/u/v; touch t/1 t/u/2 t/u/v/3; shopt -s globstar; echo t/**; echo t/**/[0-9]; rm -r t", "shopt -s failglob; echo none*; echo after", "shopt -s extglob\ntouch f1 f2 g1; echo !(f*) @(f|g)1 f?(1); rm f1 f2 g1", "touch a b c; GLOBIGNORE=b; echo *; unset GLOBIGNORE; rm a b c", "touch 'a b' '[x]'; for f in *; do echo \"<$f>\"; done; echo [[]x] a\\ *; rm *", "shopt -s nocaseglob; touch AbC; echo abc* ABC; rm AbC");

    private string Sequences() => Pick("echo {1..10..3} {10..1..4} {a..i..2} {05..08} {-2..2}", "echo a{1,2}{x,y}b {,z} {a,{b,c}d} x{1..3}y", "v=3; echo {1..$v}; eval echo {1..$v}", "for i in {001..3}; do echo -n $i,; done; echo {3..1} {c..a}", "echo {a,b}{1..2} \"{a,b}\" {a\\,b,c} {a}", "printf '%s\\n' pre-{x,'y z'}-post");

    private string Mixed() => $"{Producer()} | {Filter()} | {Filter()} | {Pick("while read -r l; do echo \"[$l]\"; done", "cat -n", "wc -l", "{ head -1; cat; }", "xargs -n 2", "mapfile -t q", "sort | uniq -c | sort -rn", "awk 'NR%2'", "tr '\\n' ' '", "sed -n '1,2p'")}";
}
