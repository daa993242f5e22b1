using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Sftp.Wire;
using Blackwall.Tarpit.Ssh.Wire;

namespace Blackwall.Tarpit.Sftp;

/// <summary>Answers of sftp-server (draft-ietf-secsh-filexfer-02 §7).</summary>
internal static class SftpAnswers
{
    /// <summary>Begins an answer of this kind to a request.</summary>
    public static SshWriter Begin(SftpMessage message, uint request) => new SshWriter(512).Byte((byte)message).UInt32(request);

    public static SshWriter Status(uint request, SftpStatus status) => Begin(SftpMessage.Status, request).UInt32((uint)status).Text(status switch
    {
        SftpStatus.Ok => "Success",
        SftpStatus.EndOfFile => "End of file",
        SftpStatus.NoSuchFile => "No such file",
        SftpStatus.PermissionDenied => "Permission denied",
        SftpStatus.BadMessage => "Bad message",
        SftpStatus.Unsupported => "Operation unsupported",
        _ => "Failure",
    }).Text("");

    public static SshWriter Status(uint request, FileError error) => Status(request, error switch
    {
        FileError.None => SftpStatus.Ok,
        FileError.NotFound => SftpStatus.NoSuchFile,
        FileError.NotPermitted => SftpStatus.PermissionDenied,
        _ => SftpStatus.Failure,
    });

    /// <summary>The attributes of a file; null: there is none.</summary>
    public static SshWriter Attributes(uint request, Node? node)
    {
        if (node is null)
        {
            return Status(request, SftpStatus.NoSuchFile);
        }

        SshWriter answer = Begin(SftpMessage.Attributes, request);
        SftpAttributes.Write(answer, node);
        return answer;
    }

    /// <summary>One name without attributes.</summary>
    public static SshWriter Name(uint request, string name)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(name);
        return Begin(SftpMessage.Name, request).UInt32(1).Bytes(bytes).Bytes(bytes).UInt32(0);
    }
}
