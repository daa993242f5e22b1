namespace Blackwall.Notifications;

/// <summary>What people want to be told of.</summary>
public enum NotificationKind
{
    /// <summary>A source was dropped, redirected or limited by the appliance itself.</summary>
    Block = 0,

    /// <summary>Such a decision was lifted by somebody.</summary>
    Lift = 1,

    /// <summary>A part of the appliance is unwell, or well again.</summary>
    Fault = 2,

    /// <summary>The mode, or a change of the policy, is on trial, confirmed or taken back.</summary>
    Change = 3,

    /// <summary>Somebody asked whether notifications arrive.</summary>
    Test = 4,
}
