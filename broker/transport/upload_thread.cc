#include "broker/transport/upload_thread.h"

#include <utility>

namespace shield::broker {

void UploadThread::Start() {
  thread_ = std::thread([this] { Run(); });
}

void UploadThread::Post(Job job) {
  MutexLock lock(mutex_);
  jobs_.push_back(std::move(job));
  posted_.NotifyOne();
}

void UploadThread::Stop() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    posted_.NotifyOne();
  }
  if (thread_.joinable()) thread_.join();
}

void UploadThread::Run() {
  // Each job goes before the next one comes, and with it what it held.
  while (const Job job = Next()) job();
}

UploadThread::Job UploadThread::Next() {
  MutexLock lock(mutex_);
  while (jobs_.empty() && !stopping_) posted_.Wait(mutex_);
  if (jobs_.empty()) return nullptr;
  Job job = std::move(jobs_.front());
  jobs_.pop_front();
  return job;
}

}  // namespace shield::broker
