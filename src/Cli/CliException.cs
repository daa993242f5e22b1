namespace Blackwall.Cli;

/// <summary>Ends the command with a sentence for the operator.</summary>
internal sealed class CliException(int exitCode, string sentence) : Exception(sentence)
{
    public int ExitCode => exitCode;
}
