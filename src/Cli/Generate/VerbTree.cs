using System.CommandLine;
using Blackwall.Cli.Help;

namespace Blackwall.Cli.Generate;

/// <summary>The verbs that people are told of, each once: "ctl VERB" is the same as VERB.</summary>
internal static class VerbTree
{
    /// <summary>Each verb and what stands below it, in the order of help; without the root.</summary>
    public static IEnumerable<Command> All(Command root) => HelpText.Sections(root)
        .SelectMany(section => section.Verbs)
        .SelectMany(verb => verb.Name is "ctl" ? [verb] : Within(verb));

    /// <summary>"keys add".</summary>
    public static string Words(Command command) => string.Join(' ', HelpText.Path(command));

    /// <summary>Its own options and those that it shares.</summary>
    public static IEnumerable<Option> Options(Command command)
    {
        (IReadOnlyList<Option> own, IReadOnlyList<Option> common) = HelpText.Options(command);
        return own.Concat(common);
    }

    /// <summary>The words that an option or argument can have; empty: any.</summary>
    public static IReadOnlyList<string> Values(Option option) =>
        [.. option.CompletionSources.SelectMany(source => source(System.CommandLine.Completions.CompletionContext.Empty)).Select(item => item.Label)];

    /// <summary>Whether its value is the name of a file.</summary>
    public static bool IsFile(Option option) => option.HelpName is "FILE" or "FOLDER" or "PATH";

    public static bool IsFile(Argument argument) => argument.Name is "FILE" or "DIRECTORY";

    private static IEnumerable<Command> Within(Command verb) => verb.Subcommands.Where(below => !below.Hidden).SelectMany(Within).Prepend(verb);
}
