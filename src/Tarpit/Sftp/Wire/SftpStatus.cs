namespace Blackwall.Tarpit.Sftp.Wire;

/// <summary>Status codes of SFTP version 3.</summary>
internal enum SftpStatus : uint
{
    Ok = 0,
    EndOfFile = 1,
    NoSuchFile = 2,
    PermissionDenied = 3,
    Failure = 4,
    BadMessage = 5,
    Unsupported = 8,
}
