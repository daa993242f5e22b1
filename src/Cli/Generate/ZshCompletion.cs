using System.CommandLine;
using System.Globalization;
using System.Text;

namespace Blackwall.Cli.Generate;

/// <summary>Completion for zsh, with what each word does beside it.</summary>
internal static class ZshCompletion
{
    public static string Of(Command root)
    {
        StringBuilder script = new();
        script.Append("""
            #compdef blackwall
            # Completion of blackwall for zsh. Made by 'blackwall generate zsh'.
            _blackwall() {
              local path= word at
              local -a verbs options
              for ((at = 2; at < CURRENT; at++)); do
                word=${words[at]}
                [[ $word == -* || $word == ctl ]] && continue
                case "$path $word" in

            """);
        foreach (Command verb in VerbTree.All(root).Where(verb => verb.Name is not "ctl"))
        {
            script.Append(CultureInfo.InvariantCulture, $"      ' {VerbTree.Words(verb)}') path=' {VerbTree.Words(verb)}' ;;\n");
        }

        script.Append("    esac\n  done\n  case \"$path:${words[CURRENT-1]}\" in\n");
        foreach (Command verb in VerbTree.All(root))
        {
            foreach (Option option in VerbTree.Options(verb).Where(option => option.Arity.MaximumNumberOfValues > 0))
            {
                string values = string.Join(' ', VerbTree.Values(option));
                string reply = values.Length > 0 ? $"compadd -- {values}" : VerbTree.IsFile(option) ? "_files" : $"_message '{Quoted(option.HelpName ?? "VALUE")}'";
                script.Append(CultureInfo.InvariantCulture, $"    ' {VerbTree.Words(verb)}:{option.Name}') {reply}; return ;;\n");
            }
        }

        script.Append("  esac\n  case $path in\n");
        foreach (Command command in VerbTree.All(root).Where(verb => verb.Name is not "ctl").Prepend(root))
        {
            string path = command == root ? "" : $" {VerbTree.Words(command)}";
            string verbs = Described(command.Subcommands.Where(below => !below.Hidden));
            string options = Described(VerbTree.Options(command));
            string files = command.Arguments.Any(VerbTree.IsFile) ? " _files;" : "";
            script.Append(CultureInfo.InvariantCulture, $"    '{path}') verbs=({verbs}) options=({options});{files} ;;\n");
        }

        return script.Append("""
              esac
              (( ${#verbs} )) && _describe verb verbs
              _describe option options
            }
            _blackwall "$@"

            """).ToString();
    }

    private static string Described(IEnumerable<Symbol> symbols) =>
        string.Join(' ', symbols.Select(symbol => $"'{symbol.Name}:{Quoted((symbol.Description ?? "").Replace(":", "\\:", StringComparison.Ordinal))}'"));

    private static string Quoted(string text) => text.Replace("'", "'\\''", StringComparison.Ordinal);
}
