namespace Blackwall.Ctl;

/// <summary>Ends the command with a sentence for the operator.</summary>
internal sealed class CtlException(int exitCode, string sentence) : Exception(sentence)
{
    public int ExitCode => exitCode;
}
