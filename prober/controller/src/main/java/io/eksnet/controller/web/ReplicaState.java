package io.eksnet.controller.web;

import io.eksnet.controller.page.ClusterHistory;
import io.eksnet.controller.page.FailedRun;
import io.eksnet.controller.page.FreeAddresses;
import io.eksnet.controller.page.ProbeHistory;
import io.eksnet.controller.web.ClusterDependencies.Diagnosed;
import io.eksnet.incident.Change;
import io.eksnet.incident.Incident;
import io.eksnet.model.diagnosis.Evidence;
import io.eksnet.plan.ValidationError;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * What the leader has of the cluster at one moment: a standby serves pages and read APIs from it,
 * and continues its incidents when it becomes the leader.
 *
 * @param evidence fresh values only
 * @param observed the latest observation of each task, without its result, which is in the evidence
 */
public record ReplicaState(
    Instant at,
    Evidence evidence,
    List<AgentObservation> observed,
    Diagnosed diagnosed,
    List<ValidationError> notProbed,
    Map<String, List<FreeAddresses.Sample>> freeAddresses,
    List<FailedRun> failures,
    List<ProbeHistory.Quarter> probeHistory,
    List<Incident> incidents,
    List<Change> changes) {
  /** Decompressed; that of 5,000 nodes fits. */
  private static final long MAX_BYTES = 512L << 20;

  public ReplicaState {
    observed = List.copyOf(observed);
    notProbed = List.copyOf(notProbed);
    freeAddresses = Map.copyOf(freeAddresses);
    failures = List.copyOf(failures);
    probeHistory = List.copyOf(probeHistory);
    incidents = List.copyOf(incidents);
    changes = List.copyOf(changes);
  }

  /** What happened before {@link #at}. */
  public ClusterHistory history() {
    return new ClusterHistory(new ProbeHistory(probeHistory), incidents, changes);
  }

  /** As JSON, compressed with gzip, which takes about a twentieth of the size. */
  public byte[] write() {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      ModelJson.write(this, gzip);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads what {@link #write} of this or another version wrote.
   *
   * @throws IllegalArgumentException that names what is wrong with it
   */
  public static ReplicaState read(byte[] compressed) {
    try (var json = new Limited(new GZIPInputStream(new ByteArrayInputStream(compressed)))) {
      return ModelJson.readTolerantly(ReplicaState.class, json);
    } catch (IOException e) {
      throw new IllegalArgumentException("no state of a leader: " + e.getMessage(), e);
    }
  }

  private static final class Limited extends FilterInputStream {
    private long left = MAX_BYTES;

    Limited(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      var count = super.read(bytes, offset, length);
      left -= Math.max(0, count);
      if (left < 0) {
        throw new IOException("larger than " + MAX_BYTES + " bytes");
      }
      return count;
    }
  }
}
