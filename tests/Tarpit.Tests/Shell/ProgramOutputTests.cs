using System.Text;
using Xunit;

namespace Blackwall.Tarpit.Tests.Shell;

/// <summary>Calls of programs with the options and the mistakes of everyday scripts, and what the programs of Debian print for them.</summary>
public sealed class ProgramOutputTests
{
    private static readonly ScriptRun s_shell = new();

    [Theory]
    [InlineData("printf 'a[b]c\\n' | sed 's@[[]@<@g; s,[]],>,'", "a<b>c\n")]
    [InlineData("sed -f nosuch.sed /dev/null 2>&1; echo $?", "sed: couldn't open file nosuch.sed: No such file or directory\n4\n")]
    [InlineData("mkdir -p t/skip t/take; echo word > t/skip/a; echo word > t/take/b; grep -r --exclude-dir=skip word t", "t/take/b:word\n")]
    [InlineData("printf 'ab\\ncd\\nef\\n' > f; grep -nbB1 ef f", "2-3-cd\n3:6:ef\n")]
    [InlineData("echo word > a.txt; echo word > b.log; grep --exclude='*.log' word a.txt b.log", "a.txt:word\n")]
    [InlineData("printf 'one two\\nthree\\n' > f; wc < f; wc -lw < f; cat f | wc", " 2  3 14\n 2  3\n      2       3      14\n")]
    [InlineData("seq -f '%d' 3 2>&1; seq -f plain 3 2>&1; seq -w -f %g 3 2>&1; seq -f '%g%%' 2", "seq: format ‘%d’ has unknown %d directive\nseq: format ‘plain’ has no % directive\nseq: format string may not be specified when printing equal width strings\nTry 'seq --help' for more information.\n1%\n2%\n")]
    [InlineData("seq --nothing 3 2>&1; echo $?", "seq: unrecognized option '--nothing'\nTry 'seq --help' for more information.\n1\n")]
    [InlineData("printf 'a\\tb\\tc\\td\\n' | expand -t 3,6; printf 'a\\tb\\tc\\n' | expand -t 4,/6; expand -t x /dev/null 2>&1; printf 'a   b\\n' | unexpand -t 4", "a  b  c d\na   b c\nexpand: tab size contains invalid character(s): ‘x’\na\tb\n")]
    [InlineData("seq 200 | split -dl 2 - p; ls p* | sed -n '1p;90p;91p;$p'; split nosuch 2>&1; split -l 1k nosuch -d 2>&1; seq 4 | split -l 2 -d --additional-suffix=.txt - n; ls n*", "p00\np89\np9000\np9009\nsplit: cannot open 'nosuch' for reading: No such file or directory\nsplit: invalid number of lines: ‘1k’\nn00.txt\nn01.txt\n")]
    [InlineData("printf 'some words\\n' > f; sum -s f; sum f; sum missing f 2>&1; echo $?", "1037 1 f\n29623     1 f\nsum: missing: No such file or directory\n29623     1 f\n1\n")]
    [InlineData("printf '1:2:3' | tac -b -s :; echo; tac missing 2>&1; rev missing 2>&1; printf 'ab\\303\\251\\360\\237\\230\\200\\n' | rev", ":3:21\ntac: failed to open 'missing' for reading: No such file or directory\nrev: cannot open missing: No such file or directory\n😀éba\n")]
    [InlineData("printf 'abc\\n' > a; printf 'abc\\nd\\n' > b; cmp -l a b 2>&1; cmp -s a missing 2>&1; echo $?", "cmp: EOF on a after byte 4\n2\n")]
    [InlineData("truncate -s 2k z && stat -c %s z; touch -d '2011-02-03 04:05:06Z' z && date -u -r z +%FT%T", "2048\n2011-02-03T04:05:06\n")]
    [InlineData("printf x > f; chmod 640 f; touch -d '2012-03-04 05:06:07 UTC' f; gzip f; stat -c '%a %Y' f.gz; gunzip f.gz; stat -c '%a %Y' f", "640 1330837567\n640 1330837567\n")]
    [InlineData("mkdir real; ln -s real alias; echo 1 > f; mv f alias && ls real; ln -s target alias/inside && readlink real/inside", "f\ntarget\n")]
    [InlineData("printf abcdefghijklm > f; xxd -i f; xxd -i < f; xxd -o 16 f", "unsigned char f[] = {\n  0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c,\n  0x6d\n};\nunsigned int f_len = 13;\n  0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c,\n  0x6d\n00000010: 6162 6364 6566 6768 696a 6b6c 6d         abcdefghijklm\n")]
    [InlineData("mkdir d; echo 1 > d/a; echo 2 > d/b; printf 'd/a\\nd/b\\n' > list; tar -cf x.tar --owner=root --group=root --mtime=@86400 -T list; tar -tf x.tar; tar -rf x.tar list; tar -tf x.tar --wildcards '*b'; tar -tf x.tar | tail -1", "d/a\nd/b\nd/b\nlist\n")]
    [InlineData("getopt -o ab:c:: -l all,bring:,can:: -n me -- -a x -b 'q r' --bri=\"it's\" -cz --can y -- -w", " -a -b 'q r' --bring 'it'\\''s' -c 'z' --can '' -- 'x' 'y' '-w'\n")]
    [InlineData("getopt -o a -l all -n me -- -x --nope -a 2>&1; echo $?; getopt ab: -b v w -a; getopt 2>&1; echo $?", "me: invalid option -- 'x'\nme: unrecognized option '--nope'\n -a --\n1\n -b v -a -- w\ngetopt: missing optstring argument\nTry 'getopt --help' for more information.\n2\n")]
    [InlineData("timeout -s NOSUCH 1 true 2>&1; echo $?", "timeout: ‘NOSUCH’: invalid signal\nTry 'timeout --help' for more information.\n125\n")]
    [InlineData("printf 'a\\nb\\nc\\n' > f; printf -- '--- f\\n+++ f\\n@@ -1,3 +1,3 @@\\n a\\n-b\\n+B\\n c\\n' > p; patch < p; cat f; patch -R f p; cat f", "patching file f\na\nB\nc\npatching file f\na\nb\nc\n")]
    [InlineData("printf 'x\\ny\\na\\nb\\nc\\n' > f; printf -- '--- old/f\\n+++ new/f\\n@@ -1,3 +1,3 @@\\n a\\n-b\\n+B\\n c\\n' > p; patch --dry-run -p1 -i p; patch -p1 < p; cat f", "checking file f\nHunk #1 succeeded at 3 (offset 2 lines).\npatching file f\nHunk #1 succeeded at 3 (offset 2 lines).\nx\ny\na\nB\nc\n")]
    [InlineData("printf -- '--- /dev/null\\n+++ b/new\\n@@ -0,0 +1,2 @@\\n+one\\n+two\\n' | patch -p1; cat new; printf -- '--- a/new\\n+++ /dev/null\\n@@ -1,2 +0,0 @@\\n-one\\n-two\\n' | patch -p1; ls new 2>&1", "patching file new\none\ntwo\npatching file new\nls: cannot access 'new': No such file or directory\n")]
    [InlineData("printf 'q\\nr\\n' > f; printf -- '--- f\\n+++ f\\n@@ -1,2 +1,2 @@\\n a\\n-b\\n+B\\n' | patch; echo $?; cat f.rej | tail -4; echo nothing here | patch 2>&1; echo $?", "patching file f\nHunk #1 FAILED at 1.\n1 out of 1 hunk FAILED -- saving rejects to file f.rej\n1\n@@ -1,2 +1,2 @@\n a\n-b\n+B\npatch: **** Only garbage was found in the patch input.\n2\n")]
    [InlineData("printf '10K\\n2M\\n' | sort --sort=human-numeric -r; printf 'a\\nb\\n' > x; printf 'b\\nc\\n' > y; comm --total x y; expr 1 \\| 1 / 0; expr 0 \\& 1 / 0", "2M\n10K\na\n\t\tb\n\tc\n1\t1\t1\ttotal\n1\n0\n")]
    [InlineData("echo a > f; tail -f f & sleep 0.2; kill $! && wait; echo $?", "a\n0\n")]
    [InlineData("csplit --version | head -1; ptx --version | head -1", "csplit (GNU coreutils) 9.4\nptx (GNU coreutils) 9.4\n")]
    [InlineData("grep --file 2>&1 | head -1; grep -f 2>&1 | head -1; sed --expression 2>&1 | head -1", "grep: option '--file' requires an argument\ngrep: option requires an argument -- 'f'\nsed: option '--expression' requires an argument\n")]
    [InlineData("echo x | sed 'a\\ text'; echo x | sed 'a text'; printf 'a\\\\\n  two\n' > s; echo x | sed -f s", "x\n text\nx\ntext\nx\n  two\n")]
    public async Task A_program_prints_what_the_real_one_prints(string line, string expected)
    {
        (byte[] output, _, _) = await s_shell.RunAsync(line);
        Assert.Equal(expected, Encoding.UTF8.GetString(output));
    }
}
