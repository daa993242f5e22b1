namespace Blackwall.Kernel.Abi;

/// <summary>How far a login at SSH has come, by what the server sent. Mirrors <c>enum bw_ssh_state</c> of bpf/abi.h.</summary>
public enum SshState : byte
{
    /// <summary>No SSH, or its beginning was not seen.</summary>
    None = 0,

    /// <summary>The server identified itself; keys are exchanged.</summary>
    Clear = 1,

    /// <summary>Keys are in use; nobody has asked for anything yet.</summary>
    Sealed = 2,

    /// <summary>The service was granted; no credentials were judged yet.</summary>
    Asking = 3,

    /// <summary>Credentials were refused, and none taken so far.</summary>
    Refused = 4,

    /// <summary>Somebody got in.</summary>
    In = 5,

    /// <summary>It cannot be told.</summary>
    Lost = 6,

    /// <summary>What follows the server's identification is not as the protocol has it.</summary>
    Odd = 7,
}
