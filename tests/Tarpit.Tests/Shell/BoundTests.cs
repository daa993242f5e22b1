using System.Text;
using Blackwall.Tarpit.Shell;
using Blackwall.Tarpit.Shell.Syntax;
using Xunit;

namespace Blackwall.Tarpit.Tests.Shell;

/// <summary>What is more than a session may have is refused as a machine without memory refuses it; what is beside it works.</summary>
public sealed class BoundTests
{
    private readonly ScriptRun _shell = new();

    [Theory]
    [InlineData("x=$(printf '%4000s' {1..40}); i=0; while [ $i -lt 100 ]; do eval \"v$i=\\${x}$i\"; i=$((i+1)); done; echo all", "xrealloc: cannot allocate", 2)]
    [InlineData("i=0; while [ $i -lt 40 ]; do eval \"v$i=x\"; i=$((i+1)); done; echo all", "", 0)]
    [InlineData("awk 'function f(x){return f(x x)} BEGIN{f(\"aaaaaaaa\")}'", "awk: out of memory", 2)]
    [InlineData("awk 'BEGIN{while(1) a[i++]=sprintf(\"%4000s\",i)}'", "awk: out of memory", 2)]
    [InlineData("awk 'function f(n){return n<2?1:n*f(n-1)} BEGIN{print f(10)}'", "", 0)]
    [InlineData("awk \"BEGIN{x=$(printf '$%.0s' {1..20000})1}\"", "syntax error", 2)]
    [InlineData("awk 'BEGIN{for(i=0;i<450000;i++) print 1}' | sort | wc -l", "sort: memory exhausted", 0)]
    [InlineData("[[ a =~ $(printf '(%.0s' {1..1000})a$(printf ')*%.0s' {1..1000}) ]]", "", 2)]
    [InlineData("[[ aaa =~ ^(a{1,100}){1,10}$ ]]", "", 0)]
    [InlineData("[[ a =~ ((a{1,100}){1,100}){1,100} ]]", "", 2)]
    [InlineData("p=$(printf '@(%.0s' {1..2000})x; shopt -s extglob; [[ abc == $p ]]", "", 1)]
    [InlineData("f() { f \"$@\"; }; f {1..60000}; echo no", "xrealloc: cannot allocate", 2)]
    public async Task What_has_no_end_is_refused_as_where_memory_ends(string script, string error, int exitCode)
    {
        (_, string errors, int code) = await _shell.RunAsync(script);
        Assert.Contains(error, errors, StringComparison.Ordinal);
        Assert.Equal(exitCode, code);
    }

    [Theory]
    [InlineData("@(@(@(@(@(@(@(@(@(@(@(@(@(@(@(@(@(@(@(@(@(@(@(@(@(@(@(@(@(@(@(@(@(@(@(@(a", "a", false)]
    [InlineData("@(@(@(a))", "@(a", true)]
    [InlineData("x@(a", "x@(a", true)]
    [InlineData("[@(a]b)", "ab)", true)]
    [InlineData("!(a|b)*+(c)", "xcc", true)]
    [InlineData("!(*)", "x", false)]
    public void Lists_of_patterns_are_read_in_one_pass(string pattern, string text, bool isMatch) => Assert.Equal(isMatch, new GlobPattern(pattern).IsMatch(text));

    [Theory]
    [InlineData("${x//a/b}", "bnbnb")]
    [InlineData("${x//a*n/-}", "-a")]
    [InlineData("${x/#an/-}", "-ana")]
    [InlineData("${x/%n?/-}", "ana-")]
    [InlineData("${x//?/.}", ".....")]
    [InlineData("${x##*n}${x%n*}", "aana")]
    public async Task Replacement_finds_the_same_in_windows(string expansion, string expected) =>
        Assert.Equal(expected + "\n", Encoding.Latin1.GetString((await _shell.RunAsync($"x=anana; echo \"{expansion}\"")).Output));

    [Theory]
    [InlineData("f() { one <<< 'a' | so $[[ a")]
    [InlineData("echo $[1")]
    [InlineData("$[")]
    public void Text_that_ends_within_an_old_expression_is_no_fault(string text) => Assert.True(Record.Exception(() => Parser.Parse(text)) is null or SyntaxException);
}
