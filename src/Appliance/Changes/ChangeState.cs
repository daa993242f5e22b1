namespace Blackwall.Changes;

/// <summary>How far a change has come.</summary>
public enum ChangeState
{
    /// <summary>Counted against live traffic; decides nothing.</summary>
    Shadow = 0,

    /// <summary>In force until its deadline, unless it is confirmed.</summary>
    Trial = 1,

    /// <summary>Confirmed.</summary>
    Confirmed = 2,

    /// <summary>Was in force and was taken back.</summary>
    Reverted = 3,

    /// <summary>Was never in force.</summary>
    Discarded = 4,
}
