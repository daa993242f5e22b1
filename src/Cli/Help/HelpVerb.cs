using System.CommandLine;
using System.Globalization;
using Blackwall.Cli.Parsing;
using Blackwall.Cli.Tables;
using Blackwall.Cli.Words;
using Blackwall.Client;

namespace Blackwall.Cli.Help;

/// <summary>"help": what there is, of one verb, or about a topic.</summary>
internal sealed class HelpVerb : Verb
{
    public const string ExitCodes = "exit-codes";

    private readonly Argument<string[]> _words = Arg.OptionalTexts("VERB", $"a verb, or {ExitCodes}");
    private readonly Shell _shell;

    public HelpVerb(Shell shell)
        : base("help", $"tell about a verb, or about {ExitCodes}", VerbGroup.Machine)
    {
        _shell = shell;
        Arguments.Add(_words);
        this.SetAction(line => Tell(line.RootCommandResult.Command, line.GetRequiredValue(_words)));
    }

    private int Tell(Command root, string[] words)
    {
        if (words is [ExitCodes])
        {
            Table table = new("CODE", "MEANING");
            foreach ((int code, string meaning) in CliExit.All)
            {
                table.Add(code.ToString(CultureInfo.InvariantCulture), meaning);
            }

            table.WriteTo(_shell.Output, _shell.Width);
            return CliExit.Done;
        }

        Command command = root;
        foreach (string word in words)
        {
            if (command.Subcommands.FirstOrDefault(below => string.Equals(below.Name, word, StringComparison.Ordinal)) is not { } below)
            {
                IEnumerable<string> known = command.Subcommands.Where(verb => !verb.Hidden).Select(verb => verb.Name).Append(ExitCodes);
                _shell.Error.WriteLine(PlainText.Clean($"Unknown verb '{word}'{NearestWord.Suggest(word, known)}"));
                return CliExit.BadUsage;
            }

            command = below;
        }

        return HelpAction.Write(_shell, command);
    }
}
