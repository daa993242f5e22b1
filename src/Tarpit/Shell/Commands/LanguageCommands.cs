using Blackwall.Tarpit.Shell.Python;
using Blackwall.Tarpit.Shell.Scripting;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>Interpreters of other languages.</summary>
internal static class LanguageCommands
{
    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["python3"] = PythonCommand.RunAsync,
        ["python3.12"] = PythonCommand.RunAsync,
        ["perl"] = PerlCommand.RunAsync,
        ["perl5.38.2"] = PerlCommand.RunAsync,
        ["php"] = PhpCommand.RunAsync,
        ["php8.3"] = PhpCommand.RunAsync,
        ["pydoc3"] = i => new(0),
        ["py3versions"] = i => SystemCommands.PrintAsync(i, "python3.12\n"),
        ["bc"] = Bc.BcCommand.RunAsync,
    };
}
