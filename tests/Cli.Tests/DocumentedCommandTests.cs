using System.CommandLine;
using System.Text.RegularExpressions;
using Blackwall.Cli;
using Xunit;

namespace Blackwall.Tests.Cli;

/// <summary>Every command that the documents tell people to type is one that the program understands.</summary>
public sealed partial class DocumentedCommandTests
{
    private static readonly string[] s_ofTheTree = ["setup", "build", "test", "lab", "bench", "package"];

    [Theory]
    [InlineData("README.md", 15)]
    [InlineData("docs/INSTALL.md", 1)]
    [InlineData("docs/OPERATE.md", 15)]
    public async Task Every_command_of_a_document_is_understood(string document, int least)
    {
        string text = await File.ReadAllTextAsync(Path.Combine(Root(), document), TestContext.Current.CancellationToken);
        string[] lines = [.. LinesOfScripts(text).SelectMany(CommandsOf)];
        Assert.True(lines.Length >= least, $"{lines.Length} commands");
        RootCommand root = CommandTree.Build(TestShell.Of(TextWriter.Null, TextWriter.Null), []);
        foreach (string line in lines)
        {
            string[] words = [.. Word().Matches(line).Select(word => word.Value.Trim('"', '\''))];
            Assert.True(s_ofTheTree.Contains(words[0], StringComparer.Ordinal) || root.Parse(words).Errors.Count == 0, $"{document}: blackwall {line}: {string.Join(' ', root.Parse(words).Errors.Select(error => error.Message))}");
        }
    }

    private static IEnumerable<string> LinesOfScripts(string text)
    {
        string? language = null;
        foreach (string line in text.Split('\n'))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                language = language is null ? line[3..] : null;
            }
            else if (language is "" or "bash")
            {
                yield return line;
            }
        }
    }

    // What stands behind a pipe, a redirection or a comment is not the program's.
    private static IEnumerable<string> CommandsOf(string line) => Command().Matches(line)
        .Select(command => command.Groups["arguments"].Value.Split(" #")[0].Split(" >")[0].Split(" <")[0].Split(" |")[0].Split(" &&")[0].Trim())
        .Where(arguments => arguments.Length > 0 && !arguments.Contains("...", StringComparison.Ordinal));

    private static string Root()
    {
        DirectoryInfo folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Blackwall.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }

    [GeneratedRegex(@"(?:^|\s|sudo )(?:\./)?blackwall (?<arguments>[a-z].*)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Command();

    [GeneratedRegex("""(?:"[^"]*"|'[^']*'|\S)+""", RegexOptions.None, 1000)]
    private static partial Regex Word();
}
