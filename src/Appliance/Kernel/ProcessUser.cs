using Blackwall.Kernel.Interop;

namespace Blackwall.Kernel;

/// <summary>The user that this process runs as.</summary>
internal static class ProcessUser
{
    /// <summary>Effective user id; 0 is root.</summary>
    public static uint Id { get; } = (uint)Libc.geteuid();

    /// <summary>Effective group id.</summary>
    public static uint GroupId { get; } = (uint)Libc.getegid();

    /// <summary>From here on what the process makes is for its user alone (mode 0600, folders 0700), whatever folder it lies in.</summary>
    public static void KeepFilesPrivate() => _ = Libc.umask(0x3f);
}
