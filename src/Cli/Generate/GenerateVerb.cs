using System.CommandLine;
using Blackwall.Cli.Parsing;
using Blackwall.Client;

namespace Blackwall.Cli.Generate;

/// <summary>"generate": writes manual pages, completions or the page of documentation from the tree of verbs. For the package.</summary>
internal sealed class GenerateVerb : Verb
{
    private static readonly Dictionary<string, Func<Command, IEnumerable<(string File, string Text)>>> Kinds = new(StringComparer.Ordinal)
    {
        ["man"] = ManPages.Of,
        ["bash"] = root => [("blackwall", BashCompletion.Of(root))],
        ["zsh"] = root => [("_blackwall", ZshCompletion.Of(root))],
        ["fish"] = root => [("blackwall.fish", FishCompletion.Of(root))],
        ["docs"] = root => [("CLI.md", CliPage.Of(root))],
    };

    private readonly Argument<string> _kind = Arg.Text("KIND", $"one of {string.Join(", ", Kinds.Keys)}");
    private readonly Argument<string> _folder = Arg.Text("DIRECTORY", "where the files go; it is made when it is not there");

    public GenerateVerb(Shell shell)
        : base("generate", "write manual pages, completions or the page of documentation", VerbGroup.Machine)
    {
        Hidden = true;
        Arguments.Add(_kind);
        Arguments.Add(_folder);
        this.SetAction(line => Write(shell, line.RootCommandResult.Command, line.GetRequiredValue(_kind), line.GetRequiredValue(_folder)));
    }

    private static int Write(Shell shell, Command root, string kind, string folder)
    {
        if (!Kinds.TryGetValue(kind, out Func<Command, IEnumerable<(string File, string Text)>>? files))
        {
            return shell.Misunderstood(Opt.NoWord("KIND", kind, Kinds.Keys));
        }

        try
        {
            Directory.CreateDirectory(folder);
            foreach ((string file, string text) in files(root))
            {
                File.WriteAllText(Path.Combine(folder, file), text);
            }

            return CliExit.Done;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            shell.Error.WriteLine(PlainText.Clean($"{folder} cannot be written: {failure.Message}"));
            return CliExit.BadFile;
        }
    }
}
