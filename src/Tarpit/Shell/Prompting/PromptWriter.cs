using System.Text;
using Blackwall.Tarpit.Shell.Execution;

namespace Blackwall.Tarpit.Shell.Prompting;

/// <summary>Writes prompts to the terminal, with what readline adds to them.</summary>
internal sealed class PromptWriter(ShellState state, Interpreter shell)
{
    private readonly PromptText _text = new(state);
    private string _last = "";

    /// <summary>The part of the last prompt that the line stands behind, with what takes no room marked.</summary>
    public string LastLine => _last[(_last.LastIndexOf('\n') + 1)..];

    /// <summary>Writes a prompt: PS1 before a command, PS2 before a line that goes on.</summary>
    public async ValueTask WriteAsync(string variable, CancellationToken cancellation)
    {
        await state.Turns.EnterAsync(cancellation);
        try
        {
            _last = await _text.ExpandAsync(variable, shell, cancellation);
        }
        finally
        {
            state.Turns.Leave();
        }

        await RepeatAsync(cancellation);
    }

    /// <summary>Writes the last one again, as it was.</summary>
    public ValueTask RepeatAsync(CancellationToken cancellation)
    {
        string shown = _last.Replace(PromptText.HiddenStart.ToString(), "", StringComparison.Ordinal).Replace(PromptText.HiddenEnd.ToString(), "", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal);
        return state.Io.WriteAsync(Encoding.Latin1.GetBytes((state.IsDash || state.Get("TERM") is "dumb" ? "" : "\x1b[?2004h") + shown), cancellation);
    }
}
