namespace Blackwall.Tarpit.World.State;

/// <summary>How systemd has a unit.</summary>
internal enum ServiceState
{
    Active,
    Stopped,
    Failed,
}
