using System.CommandLine;
using System.Diagnostics;
using Blackwall.Cli;
using Blackwall.Cli.Generate;
using Xunit;

namespace Blackwall.Tests.Cli;

/// <summary>Manual pages, completions and documentation are made from the tree of verbs, and tell all of it.</summary>
public sealed class GenerateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("blackwall-generate-").FullName;

    private static RootCommand Root => CommandTree.Build(TestShell.Of(TextWriter.Null, TextWriter.Null), []);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("man")]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    [InlineData("docs")]
    public async Task Every_verb_and_option_is_in_each(string kind)
    {
        Assert.Equal((0, "", ""), await TestShell.RunAsync("generate", kind, _folder));
        string[] files = Directory.GetFiles(_folder);
        string all = string.Concat(files.Select(File.ReadAllText)).Replace("\\-", "-", StringComparison.Ordinal);
        Command[] verbs = [.. VerbTree.All(Root)];
        Assert.True(verbs.Length > 30);
        foreach (Command verb in verbs.Where(verb => verb.Name is not "ctl"))
        {
            // Of each verb its own text, so that an option of another does not count.
            string about = kind is "man" ? (await File.ReadAllTextAsync(Path.Combine(_folder, $"blackwall-{VerbTree.Words(verb).Split(' ')[0]}.1"), TestContext.Current.CancellationToken)).Replace("\\-", "-", StringComparison.Ordinal) : all;
            Assert.Contains(verb.Name, about, StringComparison.Ordinal);
            Assert.All(VerbTree.Options(verb), option => Assert.Contains(kind is "fish" ? $"-l {option.Name[2..]}" : option.Name, about, StringComparison.Ordinal));
        }

        Assert.Equal(kind is "man" ? verbs.Count(verb => verb.Parents.Contains(verb.Parents.OfType<RootCommand>().FirstOrDefault()!)) : 1, files.Length);
    }

    [Fact]
    public async Task The_page_of_documentation_is_what_the_program_makes()
    {
        await TestShell.RunAsync("generate", "docs", _folder);
        string made = await File.ReadAllTextAsync(Path.Combine(_folder, "CLI.md"), TestContext.Current.CancellationToken);
        string committed = await File.ReadAllTextAsync(RepositoryRoot.File("docs", "CLI.md"), TestContext.Current.CancellationToken);
        Assert.True(string.Equals(made, committed, StringComparison.Ordinal), "docs/CLI.md is not what './blackwall generate docs docs' makes.");
    }

    [Fact]
    public async Task Bash_completes_verbs_options_and_words()
    {
        await TestShell.RunAsync("generate", "bash", _folder);
        Assert.Equal("block", await CompleteAsync("bloc"));
        Assert.Equal("block", await CompleteAsync("ctl", "bloc"));
        Assert.Equal("--ttl --trial", await CompleteAsync("block", "203.0.113.7", "--t"));
        Assert.Equal("local", await CompleteAsync("decisions", "--origin", "l"));
        Assert.Equal("peers peer", await CompleteAsync("mesh", "p"));
        Assert.Equal("", await CompleteAsync("stats", "bloc"));
    }

    [Fact]
    public async Task An_unknown_kind_is_refused()
    {
        (int code, _, string error) = await TestShell.RunAsync("generate", "fishy", _folder);
        Assert.Equal(64, code);
        Assert.StartsWith("KIND must be one of man, bash, zsh, fish, docs; got 'fishy'; did you mean 'fish'?", error, StringComparison.Ordinal);
    }

    private async Task<string> CompleteAsync(params string[] words)
    {
        string script = "source \"$0\"; COMP_WORDS=(blackwall \"$@\"); COMP_CWORD=$#; _blackwall; echo \"${COMPREPLY[*]}\"";
        using Process bash = Process.Start(new ProcessStartInfo("bash", ["-c", script, Path.Combine(_folder, "blackwall"), .. words]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        string output = await bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await bash.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, bash.ExitCode);
        return output.TrimEnd('\n');
    }
}
