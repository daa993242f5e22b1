namespace Blackwall.Tarpit.Shell.Execution;

/// <summary>The jump that break, continue, return or exit began and that is still under way.</summary>
internal sealed class ControlFlow
{
    private Jump _jump;
    private int _loops;

    private enum Jump
    {
        None,
        Break,
        Continue,
        Return,
        Exit,
    }

    /// <summary>A redirection of a compound command failed: -e and ERR look at it.</summary>
    public bool HasFailed { get; set; }

    /// <summary>Whether the commands that follow are skipped.</summary>
    public bool IsJumping => _jump != Jump.None;

    /// <summary>Whether break or continue is under way.</summary>
    public bool IsLeavingLoop => _jump is Jump.Break or Jump.Continue;

    public bool HasExited => _jump == Jump.Exit;

    /// <summary>Loops that run, within the function that runs.</summary>
    public int Loops { get; set; }

    /// <summary>Leaves so many loops.</summary>
    public void Break(int loops) => (_jump, _loops) = (Jump.Break, Math.Min(loops, Loops));

    /// <summary>Goes on with the next round of the loop so many levels up.</summary>
    public void Continue(int loops) => (_jump, _loops) = (Jump.Continue, Math.Min(loops, Loops));

    public void Return() => _jump = Jump.Return;

    public void Exit() => _jump = Jump.Exit;

    /// <summary>The shell has left everything; its last words may run.</summary>
    public void EndExit() => _jump = Jump.None;

    /// <summary>A trap runs within a jump: the jump goes on behind it.</summary>
    public (int Kind, int Loops) Suspend()
    {
        (int, int) jump = ((int)_jump, _loops);
        _jump = Jump.None;
        return jump;
    }

    /// <summary>The trap is over; what it began itself goes first.</summary>
    public void Resume((int Kind, int Loops) jump) => (_jump, _loops) = IsJumping ? (_jump, _loops) : ((Jump)jump.Kind, jump.Loops);

    /// <summary>A function or a sourced file ended: a return has reached its place.</summary>
    public void EndReturn() => _jump = _jump == Jump.Return ? Jump.None : _jump;

    public void EnterLoop() => Loops++;

    public void LeaveLoop() => Loops--;

    /// <summary>Whether a jump leaves the loop whose body ended; counts the loops of break and continue.</summary>
    public bool EndsLoop()
    {
        if (_jump is not (Jump.Break or Jump.Continue))
        {
            return _jump != Jump.None;
        }

        if (--_loops > 0)
        {
            return true;
        }

        bool ends = _jump == Jump.Break;
        _jump = Jump.None;
        return ends;
    }
}
