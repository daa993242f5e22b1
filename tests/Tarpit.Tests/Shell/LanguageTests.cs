using System.Text;
using Xunit;

namespace Blackwall.Tarpit.Tests.Shell;

/// <summary>
/// Lines for python3 and perl, with what the real interpreters (3.11, with the paths of 3.12, and 5.36) printed, said and ended with; and what a program may cost. Blocks of the files: a line, "==== " and
/// its exit code, its output, "~~~~", its errors; "----" between them.
/// </summary>
public sealed class LanguageTests
{
    private static readonly ScriptRun s_shell = new();
    private static readonly string[] s_blocks = [.. new[] { "python-lines.txt", "perl-lines.txt" }.SelectMany(name => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Shell/Data", name)).Split("\n----\n"))];

    public static TheoryData<int> Numbers { get; } = [.. Enumerable.Range(0, s_blocks.Length)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public async Task It_answers_as_the_real_interpreter_did(int number)
    {
        string block = s_blocks[number];
        int mark = block.IndexOf("\n==== ", StringComparison.Ordinal), end = block.IndexOf('\n', mark + 1), middle = block.LastIndexOf("\n~~~~\n", StringComparison.Ordinal);
        (byte[] output, string errors, int exitCode) = await s_shell.RunAsync(block[..mark]);
        Assert.Equal(block[(end + 1)..middle].TrimEnd('\n'), Encoding.UTF8.GetString(output).TrimEnd('\n'));
        Assert.Equal(block[(middle + 6)..].TrimEnd('\n'), errors.TrimEnd('\n'));
        Assert.Equal(int.Parse(block.AsSpan((mark + 6)..end), System.Globalization.CultureInfo.InvariantCulture), exitCode);
    }

    /// <summary>What is not understood is an error of the language, and never the program itself.</summary>
    [Theory]
    [InlineData("python3 -c 'match x: nonsense here'", "SyntaxError: invalid syntax")]
    [InlineData("python3 -c 'import numpy'", "ModuleNotFoundError: No module named 'numpy'")]
    [InlineData("python3 -c 'import os; os.frobnicate()'", "AttributeError: module 'os' has no attribute 'frobnicate'")]
    [InlineData("python3 -c 'print(os.getcwd())'", "NameError: name 'os' is not defined. Did you forget to import 'os'?")]
    [InlineData("perl -MFoo::Bar -e 1", "Can't locate Foo/Bar.pm in @INC (you may need to install the Foo::Bar module)")]
    [InlineData("perl -e 'my $x = ;'", "syntax error at -e line 1, near \";\"")]
    [InlineData("php -r 'foo();'", "PHP Fatal error:  Uncaught Error: Call to undefined function foo() in Command line code:1")]
    [InlineData("php -r 'echo 1'", "PHP Parse error:  syntax error, unexpected end of file, expecting \",\" or \";\" in Command line code on line 1")]
    public async Task What_is_not_understood_is_an_error_of_the_language(string line, string error)
    {
        (byte[] output, string errors, int exitCode) = await s_shell.RunAsync(line);
        Assert.Empty(output);
        Assert.Contains(error, errors, StringComparison.Ordinal);
        Assert.NotEqual(0, exitCode);
    }

    [Theory]
    [InlineData("php -r 'echo strtoupper(\"a\") . strlen(\"abcd\") . \"\\n\"; foreach ([1, 2] as $k => $v) { echo \"$k=$v \"; }'", "A4\n0=1 1=2 ")]
    [InlineData("php -r 'print_r([\"a\" => 1]); var_dump(true, 7); echo md5(\"a\");'", "Array\n(\n    [a] => 1\n)\nbool(true)\nint(7)\n0cc175b9c0f1b6a831c399e269772661")]
    [InlineData("php -r 'system(\"echo hi\"); echo shell_exec(\"echo there\"); exec(\"echo a; echo b\", $o); echo count($o);'", "hi\nthere\n2")]
    [InlineData("printf 'a 1\\nb 2\\n' | perl -lane 'print $F[1]'", "1\n2\n")]
    [InlineData("printf 'a\\nb\\n' > f; perl -pi -e 's/b/c/' f; cat f", "a\nc\n")]
    [InlineData("echo '{\"a\": [1]}' | python3 -m json.tool", "{\n    \"a\": [\n        1\n    ]\n}\n")]
    [InlineData("echo 'print(6*7)' > p.py; python3 p.py; echo 'print(5)' | python3", "42\n5\n")]
    [InlineData("echo 'x = 3' > m.py; python3 -c 'import m; print(m.x)'", "3\n")]
    [InlineData("python3 -c 'open(\"out\", \"w\").write(\"x\\n\")'; cat out", "x\n")]
    [InlineData("python3 -c 'import pty; pty.spawn([\"echo\", \"shell\"])'", "shell\n")]
    public async Task Lines_that_intruders_run_work(string line, string expected)
    {
        (byte[] output, string errors, _) = await s_shell.RunAsync(line);
        Assert.Equal(expected, Encoding.UTF8.GetString(output));
        Assert.Equal("", errors);
    }

    /// <summary>The same address fails alike, whatever asks.</summary>
    [Theory]
    [InlineData("python3 -c 'import socket; socket.create_connection((\"10.1.2.3\", 80))'", "No route to host")]
    [InlineData("python3 -c 'import urllib.request; urllib.request.urlopen(\"http://10.1.2.3/\")'", "No route to host")]
    [InlineData("perl -MIO::Socket -e 'IO::Socket::INET->new(PeerAddr => \"10.1.2.3:80\") or die \"$!\"'", "No route to host")]
    [InlineData("php -r 'fsockopen(\"10.1.2.3\", 80) or exit(1);'", "No route to host")]
    [InlineData("nc -v 10.1.2.3 80", "No route to host")]
    [InlineData("wget http://10.1.2.3/", "No route to host")]
    [InlineData("curl -v http://10.1.2.3/", "No route to host")]
    [InlineData("bash -c 'echo > /dev/tcp/10.1.2.3/80'", "No route to host")]
    [InlineData("ssh 10.1.2.3", "No route to host")]
    [InlineData("python3 -c 'import socket; socket.gethostbyname(\"no.such.host\")'", "Temporary failure in name resolution")]
    [InlineData("ping -c1 no.such.host", "Temporary failure in name resolution")]
    [InlineData("nc no.such.host 80", "Temporary failure in name resolution")]
    public async Task A_host_fails_alike_for_all(string line, string error)
    {
        (_, string errors, int exitCode) = await s_shell.RunAsync(line);
        Assert.Contains(error, errors, StringComparison.Ordinal);
        Assert.NotEqual(0, exitCode);
    }

    [Theory]
    [InlineData("python3 -c 'x = [0] * 10**9'", "MemoryError")]
    [InlineData("python3 -c 'print(\",\".join(\"a\" * 1000 for i in range(10**7)))'", "MemoryError")]
    [InlineData("python3 -c \"x = a$(printf '.a%.0s' {1..20000})\"", "RecursionError: maximum recursion depth exceeded during compilation")]
    [InlineData("python3 -c 's = \"a\"\nwhile True: s += s'", "MemoryError")]
    [InlineData("python3 -c 'l = []\nwhile True: l.append(\"x\" * 100000 + str(len(l)))'", "MemoryError")]
    [InlineData("python3 -c 't = ()\nwhile True: t = (t, t)'", "RecursionError")]
    [InlineData("python3 -c 'def f(): f()\nf()'", "RecursionError: maximum recursion depth exceeded")]
    [InlineData("perl -e '$x = \"a\"; while (1) { $x .= $x }'", "Out of memory!")]
    [InlineData("perl -e 'sub r { r() } r()'", "Out of memory!")]
    [InlineData("php -r '$x = \"a\"; while (true) { $x .= $x; }'", "Allowed memory size of 134217728 bytes exhausted")]
    public async Task A_program_has_so_much_memory_and_no_more(string line, string error)
    {
        (_, string errors, int exitCode) = await s_shell.RunAsync(line);
        Assert.Contains(error, errors, StringComparison.Ordinal);
        Assert.NotEqual(0, exitCode);
    }
}
